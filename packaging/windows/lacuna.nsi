; The installer for Windows: for the user alone, without an administrator's rights.
; Compiled by packaging/windows/installer.py, which defines VERSION, PROGRAM (the folder to install), TARGET,
; SIZE_KB, ICON, and writes TYPES (what to register for each suffix).

Unicode true
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh

Name "Lacuna"
OutFile "${TARGET}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\Lacuna"
InstallDirRegKey HKCU "Software\Lacuna" "InstallDir"
SetCompressor /SOLID lzma
SetCompressorDictSize 64
ManifestDPIAware true
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "Lacuna"
VIAddVersionKey FileDescription "Lacuna setup"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey LegalCopyright "Apache-2.0"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Lacuna"
!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\lacuna.exe"
!define MUI_LANGDLL_REGISTRY_ROOT HKCU
!define MUI_LANGDLL_REGISTRY_KEY "Software\Lacuna"
!define MUI_LANGDLL_REGISTRY_VALUENAME "Installer Language"

!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"

LangString ProgramName ${LANG_ENGLISH} "Lacuna (needed)"
LangString ProgramName ${LANG_SIMPCHINESE} "Lacuna(必需)"
LangString TypesName ${LANG_ENGLISH} "Offer Lacuna for pictures (Open with)"
LangString TypesName ${LANG_SIMPCHINESE} "在图片的“打开方式”中显示 Lacuna"
LangString DesktopName ${LANG_ENGLISH} "Shortcut on the desktop"
LangString DesktopName ${LANG_SIMPCHINESE} "桌面快捷方式"
LangString InUse ${LANG_ENGLISH} "Lacuna is running. Close it, then try again."
LangString InUse ${LANG_SIMPCHINESE} "Lacuna 正在运行。请先关闭它,然后重试。"
LangString NotOurs ${LANG_ENGLISH} "The folder $INSTDIR holds other files. Choose an empty one, or one of its own for Lacuna."
LangString NotOurs ${LANG_SIMPCHINESE} "文件夹 $INSTDIR 中有其他文件。请为 Lacuna 选择一个空文件夹。"
LangString AskData ${LANG_ENGLISH} "Also remove your settings, the models that you have installed, and pictures kept for recovery?$\n$\n$LOCALAPPDATA\lacuna$\n$\nYour own pictures stay where they are in any case."
LangString AskData ${LANG_SIMPCHINESE} "是否同时删除您的设置、已安装的模型以及用于恢复的图片?$\n$\n$LOCALAPPDATA\lacuna$\n$\n无论如何,您自己的图片都会保留。"

; A program that runs cannot be opened for writing.
!macro STOP_IF_RUNNING where
    ${If} ${FileExists} "$INSTDIR\lacuna.exe"
        again${where}:
        ClearErrors
        FileOpen $0 "$INSTDIR\lacuna.exe" a
        ${If} ${Errors}
            MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(InUse)" /SD IDCANCEL IDRETRY again${where}
            Abort
        ${EndIf}
        FileClose $0
    ${EndIf}
!macroend

Function .onInit
    !insertmacro MUI_LANGDLL_DISPLAY
FunctionEnd

Section "$(ProgramName)" SecProgram
    SectionIn RO
    !insertmacro STOP_IF_RUNNING install
    ; An older version's files go first; a folder that is not Lacuna's is left as it is.
    ${If} ${FileExists} "$INSTDIR\_internal\*.*"
        RMDir /r "$INSTDIR\_internal"
    ${ElseIf} ${FileExists} "$INSTDIR\*.*"
        ${DirState} "$INSTDIR" $0
        ${If} $0 == 1
            MessageBox MB_OK|MB_ICONEXCLAMATION "$(NotOurs)" /SD IDOK
            Abort
        ${EndIf}
    ${EndIf}
    SetOutPath "$INSTDIR"
    File /r "${PROGRAM}\*"
    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "$SMPROGRAMS\Lacuna.lnk" "$INSTDIR\lacuna.exe"

    WriteRegStr HKCU "Software\Lacuna" "InstallDir" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Lacuna"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\lacuna.exe"
    WriteRegStr HKCU "${UNINSTALL}" "Publisher" "Lacuna"
    WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${SIZE_KB}
    WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
    WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "$(TypesName)" SecTypes
    WriteRegStr HKCU "Software\Classes\Lacuna.Picture" "" "Picture"
    WriteRegStr HKCU "Software\Classes\Lacuna.Picture\DefaultIcon" "" "$INSTDIR\lacuna.exe,0"
    WriteRegStr HKCU "Software\Classes\Lacuna.Picture\shell\open\command" "" '"$INSTDIR\lacuna.exe" "%1"'
    WriteRegStr HKCU "Software\Classes\Applications\lacuna.exe" "FriendlyAppName" "Lacuna"
    WriteRegStr HKCU "Software\Classes\Applications\lacuna.exe\shell\open\command" "" '"$INSTDIR\lacuna.exe" "%1"'
    WriteRegStr HKCU "Software\Lacuna\Capabilities" "ApplicationName" "Lacuna"
    WriteRegStr HKCU "Software\Lacuna\Capabilities" "ApplicationDescription" "Takes things out of photographs, on your own machine"
    WriteRegStr HKCU "Software\RegisteredApplications" "Lacuna" "Software\Lacuna\Capabilities"
    !define TYPE "!insertmacro REGISTER_TYPE"
    !macro REGISTER_TYPE suffix
        WriteRegStr HKCU "Software\Classes\${suffix}\OpenWithProgids" "Lacuna.Picture" ""
        WriteRegStr HKCU "Software\Classes\Applications\lacuna.exe\SupportedTypes" "${suffix}" ""
        WriteRegStr HKCU "Software\Lacuna\Capabilities\FileAssociations" "${suffix}" "Lacuna.Picture"
    !macroend
    !include "${TYPES}"
    ${RefreshShellIcons}
SectionEnd

Section /o "$(DesktopName)" SecDesktop
    CreateShortcut "$DESKTOP\Lacuna.lnk" "$INSTDIR\lacuna.exe"
SectionEnd

Function un.onInit
    !insertmacro MUI_UNGETLANGUAGE
FunctionEnd

Section "Uninstall"
    !insertmacro STOP_IF_RUNNING uninstall
    ; Only what was put there: the folder may be one that the user keeps other things in.
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\lacuna.exe"
    Delete "$INSTDIR\lacuna-cli.exe"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\Lacuna.lnk"
    Delete "$DESKTOP\Lacuna.lnk"

    !undef TYPE
    !define TYPE "!insertmacro FORGET_TYPE"
    !macro FORGET_TYPE suffix
        DeleteRegValue HKCU "Software\Classes\${suffix}\OpenWithProgids" "Lacuna.Picture"
        DeleteRegKey /ifempty HKCU "Software\Classes\${suffix}\OpenWithProgids"
        DeleteRegKey /ifempty HKCU "Software\Classes\${suffix}"
    !macroend
    !include "${TYPES}"
    DeleteRegKey HKCU "Software\Classes\Lacuna.Picture"
    DeleteRegKey HKCU "Software\Classes\Applications\lacuna.exe"
    DeleteRegValue HKCU "Software\RegisteredApplications" "Lacuna"
    DeleteRegKey HKCU "Software\Lacuna"
    DeleteRegKey HKCU "${UNINSTALL}"
    ${un.RefreshShellIcons}

    MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(AskData)" /SD IDNO IDNO keep
    RMDir /r "$LOCALAPPDATA\lacuna"
    keep:
SectionEnd
