<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>Lacuna</name>
    <message>
        <source>an adjustment must be an object</source>
        <translation>调整必须是一个对象</translation>
    </message>
    <message>
        <source>no adjustment is of the kind {0}</source>
        <translation>没有名为 {0} 的调整类型</translation>
    </message>
    <message>
        <source>White Balance</source>
        <translation>白平衡</translation>
    </message>
    <message>
        <source>Colour Balance</source>
        <translation>色彩平衡</translation>
    </message>
    <message>
        <source>Photo Filter</source>
        <translation>照片滤镜</translation>
    </message>
    <message>
        <source>Channel Mixer</source>
        <translation>通道混合器</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>{0} must have its points by ascending input</source>
        <translation>{0} 的各点必须按输入值递增排列</translation>
    </message>
    <message>
        <source>Black &amp; White</source>
        <translation>黑白</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>Gradient Map</source>
        <translation>渐变映射</translation>
    </message>
    <message>
        <source>stops must be by ascending position</source>
        <translation>色标必须按位置递增排列</translation>
    </message>
    <message>
        <source>must be {0} from {1} to {2}</source>
        <translation>必须是 {1} 到 {2} 之间的{0}</translation>
    </message>
    <message>
        <source>must be true or false</source>
        <translation>必须为真或假</translation>
    </message>
    <message>
        <source>must be a tuple</source>
        <translation>必须是元组</translation>
    </message>
    <message>
        <source>must be a list</source>
        <translation>必须是列表</translation>
    </message>
    <message>
        <source>must have {0} items</source>
        <translation>必须有 {0} 项</translation>
    </message>
    <message>
        <source>must be a {0}</source>
        <translation>必须是 {0}</translation>
    </message>
    <message>
        <source>must be an object</source>
        <translation>必须是对象</translation>
    </message>
    <message>
        <source>unknown parameter {0}</source>
        <translation>未知参数 {0}</translation>
    </message>
    <message>
        <source>{0} is missing</source>
        <translation>缺少 {0}</translation>
    </message>
    <message>
        <source>Hue/Saturation</source>
        <translation>色相/饱和度</translation>
    </message>
    <message>
        <source>Vibrance</source>
        <translation>自然饱和度</translation>
    </message>
    <message>
        <source>Brightness/Contrast</source>
        <translation>亮度/对比度</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>色阶</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>曝光度</translation>
    </message>
    <message>
        <source>Invert</source>
        <translation>反相</translation>
    </message>
    <message>
        <source>Posterize</source>
        <translation>色调分离</translation>
    </message>
    <message>
        <source>brightness must be a whole number from -100 to 100 if legacy</source>
        <translation>使用旧版时，亮度必须是 -100 到 100 之间的整数</translation>
    </message>
    <message>
        <source>contrast must be a whole number from -50 to 100</source>
        <translation>对比度必须是 -50 到 100 之间的整数</translation>
    </message>
    <message>
        <source>input_white must be at least 2 above input_black</source>
        <translation>输入白场必须比输入黑场至少大 2</translation>
    </message>
    <message>
        <source>Rotate {0}°</source>
        <translation>旋转 {0}°</translation>
    </message>
    <message>
        <source>Crop</source>
        <translation>裁剪</translation>
    </message>
    <message>
        <source>Canvas size</source>
        <translation>画布大小</translation>
    </message>
    <message>
        <source>Image size</source>
        <translation>图像大小</translation>
    </message>
    <message>
        <source>Rotate canvas</source>
        <translation>旋转画布</translation>
    </message>
    <message>
        <source>A resolution cannot be {0} × {1} dots per inch.</source>
        <translation>分辨率不能是每英寸 {0} × {1} 点。</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>分辨率</translation>
    </message>
    <message>
        <source>The channel “{0}” is not in this picture.</source>
        <translation>此图片中没有通道“{0}”。</translation>
    </message>
    <message>
        <source>Nothing is selected.</source>
        <translation>没有选择任何内容。</translation>
    </message>
    <message>
        <source>Save selection</source>
        <translation>存储选区</translation>
    </message>
    <message>
        <source>Delete channel</source>
        <translation>删除通道</translation>
    </message>
    <message>
        <source>There is a channel “{0}” already.</source>
        <translation>已经有名为“{0}”的通道。</translation>
    </message>
    <message>
        <source>Rename channel</source>
        <translation>重命名通道</translation>
    </message>
    <message>
        <source>A channel needs a name.</source>
        <translation>通道需要一个名称。</translation>
    </message>
    <message>
        <source>A profile for {0} does not fit this picture.</source>
        <translation>{0} 的配置文件不适合此图片。</translation>
    </message>
    <message>
        <source>Assign profile</source>
        <translation>指定配置文件</translation>
    </message>
    <message>
        <source>Convert to profile</source>
        <translation>转换为配置文件</translation>
    </message>
    <message>
        <source>A picture has 8 or 16 bits per channel, not {0}.</source>
        <translation>图片每通道为 8 位或 16 位，不能是 {0} 位。</translation>
    </message>
    <message>
        <source>{0} bits per channel</source>
        <translation>每通道 {0} 位</translation>
    </message>
    <message>
        <source>Cannot save {0}: {1} has this name; choose another. Nothing was changed.</source>
        <translation>无法存储 {0}：{1}已使用此名称，请另选一个。没有任何更改。</translation>
    </message>
    <message>
        <source>Cannot save {0}: the file is write-protected; save under another name. Nothing was changed.</source>
        <translation>无法存储 {0}：文件被写保护，请用其他名称存储。没有任何更改。</translation>
    </message>
    <message>
        <source>Cannot save {0}: {1}. Nothing was changed.</source>
        <translation>无法存储 {0}：{1}。没有任何更改。</translation>
    </message>
    <message>
        <source>Cannot save {0}: this name cannot be used.</source>
        <translation>无法存储 {0}：此名称不可用。</translation>
    </message>
    <message>
        <source>OpenCV cannot encode this picture</source>
        <translation>OpenCV 无法编码此图片</translation>
    </message>
    <message>
        <source>it claims to hold {0} bytes where it has {1}</source>
        <translation>它声称有 {0} 字节，实际只有 {1} 字节</translation>
    </message>
    <message>
        <source>it is beyond a limit of libheif, which reads it: {0}</source>
        <translation>它超出了读取所用的 libheif 的限制：{0}</translation>
    </message>
    <message>
        <source>its picture is not of the size it says; it is damaged or cut off; try another copy</source>
        <translation>图片大小与其声明的不符；文件已损坏或不完整，请换一份副本</translation>
    </message>
    <message>
        <source>it is made of {0} items where the limit is {1}</source>
        <translation>它由 {0} 个项目组成，而上限为 {1} 个</translation>
    </message>
    <message>
        <source>no TIFF header</source>
        <translation>没有 TIFF 文件头</translation>
    </message>
    <message>
        <source>a directory lies outside the block</source>
        <translation>有一个目录位于数据块之外</translation>
    </message>
    <message>
        <source>it has {0} tags where the limit is {1}</source>
        <translation>它有 {0} 个标签，而上限为 {1} 个</translation>
    </message>
    <message>
        <source>the block is cut off</source>
        <translation>数据块不完整</translation>
    </message>
    <message>
        <source>it has more boxes than the limit of {0}</source>
        <translation>它的数据盒超过了上限 {0} 个</translation>
    </message>
    <message>
        <source>libjxl cannot encode this picture</source>
        <translation>libjxl 无法编码此图片</translation>
    </message>
    <message>
        <source>a box is cut off</source>
        <translation>有一个数据盒不完整</translation>
    </message>
    <message>
        <source>OpenCV gives fewer than 16 bits of this file</source>
        <translation>OpenCV 只能读出此文件的不足 16 位</translation>
    </message>
    <message>
        <source>OpenCV cannot decode this file</source>
        <translation>OpenCV 无法解码此文件</translation>
    </message>
    <message>
        <source>its groups are more than {0} deep; merge some</source>
        <translation>其中的组嵌套超过 {0} 层，请合并一些</translation>
    </message>
    <message>
        <source>it has more than {0} layers; merge some</source>
        <translation>其图层超过 {0} 个，请合并一些</translation>
    </message>
    <message>
        <source>its {0} would be larger than {1} MB; merge some layers</source>
        <translation>其 {0} 会超过 {1} MB，请合并一些图层</translation>
    </message>
    <message>
        <source>a layer or a mask reaches over more than {0} megapixels, or lies more than {1} pixels off the canvas; crop it</source>
        <translation>有图层或蒙版覆盖超过 {0} 百万像素，或超出画布 {1} 像素以上，请裁剪</translation>
    </message>
    <message>
        <source>has 16 bits where 8 are expected</source>
        <translation>应为 8 位，却是 16 位</translation>
    </message>
    <message>
        <source>it is not an OpenRaster file</source>
        <translation>它不是 OpenRaster 文件</translation>
    </message>
    <message>
        <source>is missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>is larger than the limit of {0}</source>
        <translation>超过了上限 {0}</translation>
    </message>
    <message>
        <source>is larger than the limit of {0} megapixels</source>
        <translation>超过了上限 {0} 百万像素</translation>
    </message>
    <message>
        <source>its layers unpack to more than {0} GB and {1} times its size</source>
        <translation>其图层解压后超过 {0} GB，且超过文件大小的 {1} 倍</translation>
    </message>
    <message>
        <source>not packed as OpenRaster files are</source>
        <translation>打包方式与 OpenRaster 文件不同</translation>
    </message>
    <message>
        <source>it is no ZIP archive, or damaged or cut off; try another copy</source>
        <translation>它不是 ZIP 归档，或已损坏、不完整，请换一份副本</translation>
    </message>
    <message>
        <source>is not a PNG or is damaged</source>
        <translation>不是 PNG 或已损坏</translation>
    </message>
    <message>
        <source>it has more than {0} members, or very long names</source>
        <translation>它的成员超过 {0} 个，或名称过长</translation>
    </message>
    <message>
        <source>does not fit its layer</source>
        <translation>与其图层不相称</translation>
    </message>
    <message>
        <source>has attributes that are no text</source>
        <translation>含有不是文本的属性</translation>
    </message>
    <message>
        <source>has no usable “{0}”</source>
        <translation>没有可用的“{0}”</translation>
    </message>
    <message>
        <source>has a plane that is out of range</source>
        <translation>有一个平面超出范围</translation>
    </message>
    <message>
        <source>is no object</source>
        <translation>不是对象</translation>
    </message>
    <message>
        <source>was written by a newer version of Lacuna; open it with that</source>
        <translation>由更新版本的 Lacuna 写入，请用该版本打开</translation>
    </message>
    <message>
        <source>has a depth that is neither 8 nor 16</source>
        <translation>位深既不是 8 也不是 16</translation>
    </message>
    <message>
        <source>has an unknown lock</source>
        <translation>有未知的锁定</translation>
    </message>
    <message>
        <source>has a bad recipe: {0}</source>
        <translation>有错误的配方：{0}</translation>
    </message>
    <message>
        <source>has a bad adjustment: {0}</source>
        <translation>有错误的调整：{0}</translation>
    </message>
    <message>
        <source>is no JSON</source>
        <translation>不是 JSON</translation>
    </message>
    <message>
        <source>is not a PNG</source>
        <translation>不是 PNG</translation>
    </message>
    <message>
        <source>is not a PNG of a known kind</source>
        <translation>不是已知类型的 PNG</translation>
    </message>
    <message>
        <source>cannot be decoded</source>
        <translation>无法解码</translation>
    </message>
    <message>
        <source>is not grey</source>
        <translation>不是灰度</translation>
    </message>
    <message>
        <source>has an opacity that is not 0 to 1</source>
        <translation>有不在 0 到 1 之间的不透明度</translation>
    </message>
    <message>
        <source>has an unknown blend mode</source>
        <translation>有未知的混合模式</translation>
    </message>
    <message>
        <source>nests groups more than {0} deep</source>
        <translation>组嵌套超过 {0} 层</translation>
    </message>
    <message>
        <source>counts its layers wrongly</source>
        <translation>图层计数有误</translation>
    </message>
    <message>
        <source>takes a layer for a group</source>
        <translation>把图层当成了组</translation>
    </message>
    <message>
        <source>has a layer of an unknown kind</source>
        <translation>有未知类型的图层</translation>
    </message>
    <message>
        <source>has more than {0} layers</source>
        <translation>图层超过 {0} 个</translation>
    </message>
    <message>
        <source>has no list of layers</source>
        <translation>没有图层列表</translation>
    </message>
    <message>
        <source>declares a document type, which could hide a bomb of entities</source>
        <translation>声明了文档类型，其中可能藏有实体炸弹</translation>
    </message>
    <message>
        <source>gives “{0}” for {1}</source>
        <translation>{1} 的值为“{0}”</translation>
    </message>
    <message>
        <source>places a layer more than {0} pixels off the canvas</source>
        <translation>有图层超出画布 {0} 像素以上</translation>
    </message>
    <message>
        <source>is not well-formed ({0})</source>
        <translation>格式不正确（{0}）</translation>
    </message>
    <message>
        <source>a chunk is cut off or damaged</source>
        <translation>有一个数据块不完整或已损坏</translation>
    </message>
    <message>
        <source>the colour space of a stop is not known here</source>
        <translation>此处不支持某个色标的色彩空间</translation>
    </message>
    <message>
        <source>{0} bytes where {1} are needed</source>
        <translation>需要 {1} 字节，却有 {0} 字节</translation>
    </message>
    <message>
        <source>the rows are cut off</source>
        <translation>各行不完整</translation>
    </message>
    <message>
        <source>the rows are larger than their data could make them</source>
        <translation>各行大于其数据所能生成的大小</translation>
    </message>
    <message>
        <source>the sizes of the rows are cut off</source>
        <translation>各行的大小不完整</translation>
    </message>
    <message>
        <source>compression {0} is unknown</source>
        <translation>压缩方式 {0} 未知</translation>
    </message>
    <message>
        <source>Cannot open {0}: its channels are single inks (Multichannel); convert it to RGB in another program first.</source>
        <translation>无法打开 {0}：其通道是单独的油墨（多通道），请先用其他程序转换为 RGB。</translation>
    </message>
    <message>
        <source>its {0} channels hold more than the limit of {1} megapixels together; delete some in another program first</source>
        <translation>其 {0} 个通道合计超过了上限 {1} 百万像素，请先用其他程序删除一些</translation>
    </message>
    <message>
        <source>Cannot open {0}: its layers hold more than the limit of {1} megapixels together; merge some in another program first.</source>
        <translation>无法打开 {0}：其图层合计超过了上限 {1} 百万像素，请先用其他程序合并一些。</translation>
    </message>
    <message>
        <source>Cannot open {0}: it nests groups more than {1} deep, the limit; ungroup some in another program first.</source>
        <translation>无法打开 {0}：组嵌套超过上限 {1} 层，请先用其他程序取消一些编组。</translation>
    </message>
    <message>
        <source>the table of colours is cut off</source>
        <translation>颜色表不完整</translation>
    </message>
    <message>
        <source>there is no merged picture</source>
        <translation>没有合并后的图片</translation>
    </message>
    <message>
        <source>Cannot open {0}: its colours are not RGB or grey of 8 or 16 bits, and it was saved without a merged picture; convert it to RGB in another program first.</source>
        <translation>无法打开 {0}：其颜色不是 8 位或 16 位的 RGB 或灰度，且存储时没有合并后的图片，请先用其他程序转换为 RGB。</translation>
    </message>
    <message>
        <source>Cannot save {0}: PSD ends at {1} layers, a group counted twice, and at groups {2} deep; merge some. Nothing was changed.</source>
        <translation>无法存储 {0}：PSD 最多有 {1} 个图层（组算两个）且组最多嵌套 {2} 层，请合并一些。没有任何更改。</translation>
    </message>
    <message>
        <source>Cannot save {0}: PSD has room for 52 saved selections. Nothing was changed.</source>
        <translation>无法存储 {0}：PSD 最多容纳 52 个存储的选区。没有任何更改。</translation>
    </message>
    <message>
        <source>it, or a layer, has more than {0} pixels on a side</source>
        <translation>它或其中某个图层的一边超过 {0} 像素</translation>
    </message>
    <message>
        <source>Cannot save {0}: a layer or a mask reaches over more than {1} megapixels; crop it. Nothing was changed.</source>
        <translation>无法存储 {0}：有图层或蒙版覆盖超过 {1} 百万像素，请裁剪。没有任何更改。</translation>
    </message>
    <message>
        <source>Cannot save {0}: its layers hold more than {1} megapixels together; merge some. Nothing was changed.</source>
        <translation>无法存储 {0}：其图层合计超过 {1} 百万像素，请合并一些。没有任何更改。</translation>
    </message>
    <message>
        <source>it would be larger than 2 GB</source>
        <translation>它会大于 2 GB</translation>
    </message>
    <message>
        <source>Cannot save {0}: end the name in .png, .jpg, .tif, .webp, .avif or .jxl.</source>
        <translation>无法存储 {0}：名称请以 .png、.jpg、.tif、.webp、.avif 或 .jxl 结尾。</translation>
    </message>
    <message>
        <source>Cannot save {0}: this format ends at {1} pixels a side; save as PNG or TIFF.</source>
        <translation>无法存储 {0}：此格式每边最多 {1} 像素，请存储为 PNG 或 TIFF。</translation>
    </message>
    <message>
        <source>Cannot save {0}: this format ends at {1} megapixels; save as PNG or TIFF.</source>
        <translation>无法存储 {0}：此格式最多 {1} 百万像素，请存储为 PNG 或 TIFF。</translation>
    </message>
    <message>
        <source>Cannot open {0}: its values are not whole numbers of 8 or 16 bits (it may hold 32-bit floating point); convert it to 8 or 16 bits a channel first.</source>
        <translation>无法打开 {0}：其数值不是 8 位或 16 位整数（可能是 32 位浮点），请先转换为每通道 8 位或 16 位。</translation>
    </message>
    <message>
        <source>Cannot open {0}: its pixels are of an unusual kind; save it as 8-bit RGB.</source>
        <translation>无法打开 {0}：其像素类型不常见，请存储为 8 位 RGB。</translation>
    </message>
    <message>
        <source>Cannot save {0}: its colours are not sRGB&apos;s, and JPEG XL is saved in sRGB only; convert it to sRGB first, or save as PNG or TIFF.</source>
        <translation>无法存储 {0}：其颜色不是 sRGB，而 JPEG XL 只以 sRGB 存储；请先转换为 sRGB，或存储为 PNG 或 TIFF。</translation>
    </message>
    <message>
        <source>Cannot open {0}: this camera&apos;s RAW files are not known here, or it is damaged; convert it to DNG first.</source>
        <translation>无法打开 {0}：此处不支持该相机的 RAW 文件，或文件已损坏；请先转换为 DNG。</translation>
    </message>
    <message>
        <source>{0} is {1}, not one of {2}</source>
        <translation>{0} 为 {1}，不是 {2} 之一</translation>
    </message>
    <message>
        <source>{0} is {1}, not from {2} to {3}</source>
        <translation>{0} 为 {1}，不在 {2} 到 {3} 之间</translation>
    </message>
    <message>
        <source>{0} pixels a side</source>
        <translation>每边 {0} 像素</translation>
    </message>
    <message>
        <source>Cannot open {0}: it is a folder.</source>
        <translation>无法打开 {0}：它是一个文件夹。</translation>
    </message>
    <message>
        <source>Cannot open {0}: it is a device or a pipe and not a file.</source>
        <translation>无法打开 {0}：它是设备或管道，不是文件。</translation>
    </message>
    <message>
        <source>Cannot open {0}: the file is empty; try another copy.</source>
        <translation>无法打开 {0}：文件为空，请换一份副本。</translation>
    </message>
    <message>
        <source>Cannot open {0}: {1}.</source>
        <translation>无法打开 {0}：{1}。</translation>
    </message>
    <message>
        <source>Cannot open {0}: there is not enough memory for its size.</source>
        <translation>无法打开 {0}：内存不足以容纳其大小。</translation>
    </message>
    <message>
        <source>Cannot open {0}: there is no permission to read it.</source>
        <translation>无法打开 {0}：没有读取权限。</translation>
    </message>
    <message>
        <source>Cannot open {0}: it is not a PNG, JPEG, TIFF, WebP, BMP, AVIF, HEIF, JPEG XL or camera RAW picture, or it is damaged.</source>
        <translation>无法打开 {0}：它不是 PNG、JPEG、TIFF、WebP、BMP、AVIF、HEIF、JPEG XL 或相机 RAW 图片，或已损坏。</translation>
    </message>
    <message>
        <source>Cannot open {0}: the disk reported an error ({1}).</source>
        <translation>无法打开 {0}：磁盘报告了错误（{1}）。</translation>
    </message>
    <message>
        <source>Cannot open {0}: the file does not exist.</source>
        <translation>无法打开 {0}：文件不存在。</translation>
    </message>
    <message>
        <source>the samples do not fit the header</source>
        <translation>采样与文件头不符</translation>
    </message>
    <message>
        <source>A picture can have {0} guides, and these are {1}.</source>
        <translation>一张图片最多有 {0} 条参考线，而这里有 {1} 条。</translation>
    </message>
    <message>
        <source>The guides of a picture can have {0} points, and these are {1}.</source>
        <translation>一张图片的参考线最多有 {0} 个点，而这里有 {1} 个。</translation>
    </message>
    <message>
        <source>no guide is of the kind {0}</source>
        <translation>没有 {0} 这种参考线</translation>
    </message>
    <message>
        <source>a line has two ends and no width</source>
        <translation>直线有两个端点，没有宽度</translation>
    </message>
    <message>
        <source>a stroke has 1 to {0} points, not {1}</source>
        <translation>一笔有 1 到 {0} 个点，不能是 {1} 个</translation>
    </message>
    <message>
        <source>a point of a guide lies more than {0} pixels off, or nowhere</source>
        <translation>参考线的一个点超出 {0} 像素以上，或无处可放</translation>
    </message>
    <message>
        <source>ink is {0} to {1} pixels wide, not {2}</source>
        <translation>墨线宽 {0} 到 {1} 像素，不能是 {2}</translation>
    </message>
    <message>
        <source>A guide would lie behind the horizon; delete it first.</source>
        <translation>有参考线会落到地平线之后，请先将其删除。</translation>
    </message>
    <message>
        <source>A guide would lie more than {0} pixels off; delete it first.</source>
        <translation>有参考线会超出 {0} 像素以上，请先将其删除。</translation>
    </message>
    <message>
        <source>a guide is a line or ink</source>
        <translation>参考线是直线或墨线</translation>
    </message>
    <message>
        <source>a guide of this kind has exactly {0}</source>
        <translation>此类参考线恰好有 {0}</translation>
    </message>
    <message>
        <source>a guide&apos;s points are a list of (x, y)</source>
        <translation>参考线的点是 (x, y) 的列表</translation>
    </message>
    <message>
        <source>a guide cannot be enabled {0}</source>
        <translation>参考线的启用状态不能是 {0}</translation>
    </message>
    <message>
        <source>only ink has pressures, one for each of its points</source>
        <translation>只有墨线有压力，每个点一个</translation>
    </message>
    <message>
        <source>a pressure is 0 to 1</source>
        <translation>压力为 0 到 1</translation>
    </message>
    <message>
        <source>ink cannot be {0} wide</source>
        <translation>墨线宽度不能是 {0}</translation>
    </message>
    <message>
        <source>pressures are a list of numbers</source>
        <translation>压力是数字的列表</translation>
    </message>
    <message>
        <source>a guide has a number that is too large</source>
        <translation>参考线中有过大的数值</translation>
    </message>
    <message>
        <source>Erase sketch</source>
        <translation>擦除草图</translation>
    </message>
    <message>
        <source>This guide is not in this picture.</source>
        <translation>此图片中没有这条参考线。</translation>
    </message>
    <message>
        <source>A picture cannot be converted from {0} to {1} here.</source>
        <translation>此处无法将图片从 {0} 转换为 {1}。</translation>
    </message>
    <message>
        <source>The profile cannot be used: {0}</source>
        <translation>无法使用该配置文件：{0}</translation>
    </message>
    <message>
        <source>The colour profile cannot be read.</source>
        <translation>无法读取颜色配置文件。</translation>
    </message>
    <message>
        <source>its journal is damaged</source>
        <translation>其日志已损坏</translation>
    </message>
    <message>
        <source>it was kept by another version of Lacuna</source>
        <translation>它由其他版本的 Lacuna 保留</translation>
    </message>
    <message>
        <source>Nothing of this picture was kept whole.</source>
        <translation>此图片没有任何内容完整保留下来。</translation>
    </message>
    <message>
        <source>The picture&apos;s file now opens as another picture than it did.</source>
        <translation>此图片的文件现在打开后与之前不同。</translation>
    </message>
    <message>
        <source>The copy that was kept of the picture is damaged.</source>
        <translation>为此图片保留的副本已损坏。</translation>
    </message>
    <message>
        <source>cannot lock {0}</source>
        <translation>无法锁定 {0}</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>背景</translation>
    </message>
    <message>
        <source>The layer “{0}” is not in this picture.</source>
        <translation>此图片中没有图层“{0}”。</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Pasted</source>
        <translation>粘贴的图层</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Clone stamp</source>
        <translation>仿制图章</translation>
    </message>
    <message>
        <source>The layer “{0}” has no mask.</source>
        <translation>图层“{0}”没有蒙版。</translation>
    </message>
    <message>
        <source>The layer “{0}” has no pixels of its own.</source>
        <translation>图层“{0}”没有自己的像素。</translation>
    </message>
    <message>
        <source>has its transparency locked</source>
        <translation>的透明像素已锁定</translation>
    </message>
    <message>
        <source>A picture cannot be {0} × {1} pixels.</source>
        <translation>图片不能是 {0} × {1} 像素。</translation>
    </message>
    <message>
        <source>A picture ends at {0} pixels a side, and this is {1} × {2}.</source>
        <translation>图片每边最多 {0} 像素，而这张为 {1} × {2}。</translation>
    </message>
    <message>
        <source>A picture ends at {0} megapixels, and {1} × {2} are more.</source>
        <translation>图片最多 {0} 百万像素，而 {1} × {2} 超过了。</translation>
    </message>
    <message>
        <source>a recipe&apos;s {0} cannot be {1}</source>
        <translation>配方的 {0} 不能是 {1}</translation>
    </message>
    <message>
        <source>a recipe&apos;s {0} is too large</source>
        <translation>配方的 {0} 过大</translation>
    </message>
    <message>
        <source>Cannot recover {0}: another window has it.</source>
        <translation>无法恢复 {0}：另一个窗口正在使用它。</translation>
    </message>
    <message>
        <source>Cannot recover {0}: its journal is gone.</source>
        <translation>无法恢复 {0}：其日志已不存在。</translation>
    </message>
    <message>
        <source>{0} x {1} pixels are more than the {2} million allowed</source>
        <translation>{0} x {1} 像素超过了允许的 {2} 百万</translation>
    </message>
    <message>
        <source>Lasso selection</source>
        <translation>套索选区</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Invert selection</source>
        <translation>反选</translation>
    </message>
    <message>
        <source>Magic wand</source>
        <translation>魔棒</translation>
    </message>
    <message>
        <source>Colour range</source>
        <translation>色彩范围</translation>
    </message>
    <message>
        <source>Select {0}</source>
        <translation>选择{0}</translation>
    </message>
    <message>
        <source>Selection from layer</source>
        <translation>从图层载入选区</translation>
    </message>
    <message>
        <source>Grow selection</source>
        <translation>扩展选区</translation>
    </message>
    <message>
        <source>Shrink selection</source>
        <translation>收缩选区</translation>
    </message>
    <message>
        <source>Border of selection</source>
        <translation>选区边界</translation>
    </message>
    <message>
        <source>Feather selection</source>
        <translation>羽化选区</translation>
    </message>
    <message>
        <source>Smooth selection</source>
        <translation>平滑选区</translation>
    </message>
    <message>
        <source>Deselect</source>
        <translation>取消选择</translation>
    </message>
    <message>
        <source>Move selection</source>
        <translation>移动选区</translation>
    </message>
    <message>
        <source>the file is cut off</source>
        <translation>文件不完整</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Delete layer</source>
        <translation>删除图层</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>组</translation>
    </message>
    <message>
        <source>Add {0}</source>
        <translation>添加{0}</translation>
    </message>
    <message>
        <source>New layer</source>
        <translation>新建图层</translation>
    </message>
    <message>
        <source>The last layer cannot be deleted.</source>
        <translation>不能删除最后一个图层。</translation>
    </message>
    <message>
        <source>A group cannot be moved into itself.</source>
        <translation>不能将组移入其自身。</translation>
    </message>
    <message>
        <source>Duplicate layer</source>
        <translation>复制图层</translation>
    </message>
    <message>
        <source>Only layers that lie side by side can be grouped.</source>
        <translation>只有相邻的图层才能编组。</translation>
    </message>
    <message>
        <source>Group layers</source>
        <translation>图层编组</translation>
    </message>
    <message>
        <source>Ungroup layers</source>
        <translation>取消图层编组</translation>
    </message>
    <message>
        <source>There is no layer below in this group to merge with.</source>
        <translation>此组中下方没有可合并的图层。</translation>
    </message>
    <message>
        <source>“{0}” is clipped to “{1}”; merge these two first.</source>
        <translation>“{0}”剪贴到“{1}”，请先合并这两个图层。</translation>
    </message>
    <message>
        <source>“{0}” is clipped to a layer that “{1}” is not clipped to.</source>
        <translation>“{0}”剪贴到的图层，“{1}”并未剪贴到。</translation>
    </message>
    <message>
        <source>The layer below has no pixels of its own; merge the group or add a layer first.</source>
        <translation>下方图层没有自己的像素，请合并该组或先添加一个图层。</translation>
    </message>
    <message>
        <source>Merge down</source>
        <translation>向下合并</translation>
    </message>
    <message>
        <source>Merge group</source>
        <translation>合并组</translation>
    </message>
    <message>
        <source>No layer is visible.</source>
        <translation>没有可见的图层。</translation>
    </message>
    <message>
        <source>Merge visible</source>
        <translation>合并可见图层</translation>
    </message>
    <message>
        <source>Flatten</source>
        <translation>拼合图像</translation>
    </message>
    <message>
        <source>Apply layer mask</source>
        <translation>应用图层蒙版</translation>
    </message>
    <message>
        <source>Move layer</source>
        <translation>移动图层</translation>
    </message>
    <message>
        <source>“{0}” is hidden; show it first.</source>
        <translation>“{0}”已隐藏，请先显示它。</translation>
    </message>
    <message>
        <source>“{0}” has a mode, an opacity or a mask of its own. Group both and merge that.</source>
        <translation>“{0}”有自己的模式、不透明度或蒙版。请将两者编组后合并。</translation>
    </message>
    <message>
        <source>“{0}” blends with what both are clipped to. Group both and merge that.</source>
        <translation>“{0}”与两者所剪贴到的图层混合。请将两者编组后合并。</translation>
    </message>
    <message>
        <source>Transform</source>
        <translation>变换</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>There is nothing to transform in “{0}”.</source>
        <translation>“{0}”中没有可变换的内容。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>The layer “{0}” has no pixels of its own. Choose another layer.</source>
        <translation>图层“{0}”没有自己的像素。请选择其他图层。</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>画笔</translation>
    </message>
    <message>
        <source>Paint with the foreground colour. Alt+click picks a colour, Shift+click draws a straight line.</source>
        <translation>用前景色绘画。Alt+单击拾取颜色，Shift+单击画直线。</translation>
    </message>
    <message>
        <source>Pencil</source>
        <translation>铅笔</translation>
    </message>
    <message>
        <source>Draw with hard edges, pixel by pixel. Alt+click picks a colour.</source>
        <translation>逐像素绘制硬边。Alt+单击拾取颜色。</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>橡皮擦</translation>
    </message>
    <message>
        <source>Erase to transparency; on a layer mask, hide.</source>
        <translation>擦除为透明；在图层蒙版上则为隐藏。</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>The most that one stroke puts down</source>
        <translation>一笔最多涂上的量</translation>
    </message>
    <message>
        <source>Flow</source>
        <translation>流量</translation>
    </message>
    <message>
        <source>What each touch of the tip puts down</source>
        <translation>笔尖每次接触涂上的量</translation>
    </message>
    <message>
        <source>Spacing</source>
        <translation>间距</translation>
    </message>
    <message>
        <source>How far apart the touches are, of the diameter</source>
        <translation>各次接触之间的距离，以直径为单位</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>Steadies the hand: the tip follows the pointer on a string</source>
        <translation>稳定手部：笔尖像系在绳上一样跟随指针</translation>
    </message>
    <message>
        <source>Pressure: size</source>
        <translation>压力：大小</translation>
    </message>
    <message>
        <source>Pen pressure changes the size</source>
        <translation>钢笔压力改变大小</translation>
    </message>
    <message>
        <source>Pressure: flow</source>
        <translation>压力：流量</translation>
    </message>
    <message>
        <source>Pen pressure changes the flow</source>
        <translation>钢笔压力改变流量</translation>
    </message>
    <message>
        <source>Eyedropper</source>
        <translation>吸管</translation>
    </message>
    <message>
        <source>Click to take the foreground colour from the picture; with Alt the background colour.</source>
        <translation>单击从图片中取前景色；按住 Alt 取背景色。</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>取样</translation>
    </message>
    <message>
        <source>One pixel</source>
        <translation>取样点</translation>
    </message>
    <message>
        <source>3 × 3 mean</source>
        <translation>3 × 3 平均</translation>
    </message>
    <message>
        <source>5 × 5 mean</source>
        <translation>5 × 5 平均</translation>
    </message>
    <message>
        <source>11 × 11 mean</source>
        <translation>11 × 11 平均</translation>
    </message>
    <message>
        <source>From</source>
        <translation>取自</translation>
    </message>
    <message>
        <source>All layers</source>
        <translation>所有图层</translation>
    </message>
    <message>
        <source>Current layer</source>
        <translation>当前图层</translation>
    </message>
    <message>
        <source>Gradient</source>
        <translation>渐变</translation>
    </message>
    <message>
        <source>Drag from where it begins to where it ends. Shift keeps to steps of 45°.</source>
        <translation>从起点拖到终点。按住 Shift 以 45° 为步长。</translation>
    </message>
    <message>
        <source>Paint bucket</source>
        <translation>油漆桶</translation>
    </message>
    <message>
        <source>Click to fill what has a similar colour. Alt+click picks a colour.</source>
        <translation>单击填充相近的颜色。Alt+单击拾取颜色。</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Foreground to background</source>
        <translation>前景色到背景色</translation>
    </message>
    <message>
        <source>Foreground to transparent</source>
        <translation>前景色到透明</translation>
    </message>
    <message>
        <source>Reverse</source>
        <translation>反向</translation>
    </message>
    <message>
        <source>Dither</source>
        <translation>仿色</translation>
    </message>
    <message>
        <source>A little noise, so that no bands show</source>
        <translation>加入少许杂色，避免出现色带</translation>
    </message>
    <message>
        <source>Tolerance</source>
        <translation>容差</translation>
    </message>
    <message>
        <source>How different the colours may be that are filled</source>
        <translation>被填充的颜色可以相差多少</translation>
    </message>
    <message>
        <source>Contiguous</source>
        <translation>连续</translation>
    </message>
    <message>
        <source>Only what hangs together</source>
        <translation>仅限相连的区域</translation>
    </message>
    <message>
        <source>Look at all layers, not only the one in hand</source>
        <translation>查看所有图层，而不只是当前图层</translation>
    </message>
    <message>
        <source>A smooth edge</source>
        <translation>平滑的边缘</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>套索</translation>
    </message>
    <message>
        <source>Draw around what you want to select. Shift adds to the selection, Alt takes away.</source>
        <translation>沿要选择的内容描画。Shift 添加到选区，Alt 从选区减去。</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>多边形套索</translation>
    </message>
    <message>
        <source>Click corners around what you want to select. Enter closes the line, Backspace takes one back.</source>
        <translation>在要选择的内容周围单击各个角点。Enter 闭合，Backspace 退回一点。</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>直线</translation>
    </message>
    <message>
        <source>Drag to draw a line, drag its ends to change it. A double click turns it off, Delete removes it.</source>
        <translation>拖动画直线，拖动端点更改。双击停用，Delete 删除。</translation>
    </message>
    <message>
        <source>Snap</source>
        <translation>对齐</translation>
    </message>
    <message>
        <source>Snap to ends, crossings and vanishing points (Ctrl: not now)</source>
        <translation>对齐到端点、交点和消失点（Ctrl：暂不对齐）</translation>
    </message>
    <message>
        <source>Delete line</source>
        <translation>删除直线</translation>
    </message>
    <message>
        <source>Delete all lines</source>
        <translation>删除所有直线</translation>
    </message>
    <message>
        <source>Rectangle selection</source>
        <translation>矩形选框</translation>
    </message>
    <message>
        <source>Drag to select. Shift adds, Alt takes away; while you drag: a square, from the middle.</source>
        <translation>拖动以选择。Shift 添加，Alt 减去；拖动时按住则为正方形、从中心开始。</translation>
    </message>
    <message>
        <source>Ellipse selection</source>
        <translation>椭圆选框</translation>
    </message>
    <message>
        <source>Drag to select. Shift adds, Alt takes away; while you drag: a circle, from the middle.</source>
        <translation>拖动以选择。Shift 添加，Alt 减去；拖动时按住则为圆形、从中心开始。</translation>
    </message>
    <message>
        <source>Style</source>
        <translation>样式</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Fixed ratio</source>
        <translation>固定比例</translation>
    </message>
    <message>
        <source>Fixed size</source>
        <translation>固定大小</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Drag to move the layer. Shift keeps straight, Alt moves a copy, Ctrl+click takes another layer.</source>
        <translation>拖动以移动图层。Shift 保持方向，Alt 移动副本，Ctrl+单击选取其他图层。</translation>
    </message>
    <message>
        <source>Snap to the edges and the middle of the canvas (Ctrl: not now)</source>
        <translation>对齐到画布的边缘和中心（Ctrl：暂不对齐）</translation>
    </message>
    <message>
        <source>Auto-select</source>
        <translation>自动选择</translation>
    </message>
    <message>
        <source>A click takes the layer under the pointer (Ctrl: not now)</source>
        <translation>单击选取指针下的图层（Ctrl：暂不选取）</translation>
    </message>
    <message>
        <source>Transform controls</source>
        <translation>显示变换控件</translation>
    </message>
    <message>
        <source>Show handles that scale and turn the layer</source>
        <translation>显示用于缩放和旋转图层的手柄</translation>
    </message>
    <message>
        <source>Hand</source>
        <translation>抓手</translation>
    </message>
    <message>
        <source>Drag to move the picture. Hold Space to do so with any tool.</source>
        <translation>拖动以移动图片。使用任何工具时按住空格键也可以。</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Click to zoom in, Alt+click to zoom out, or drag to the right or left.</source>
        <translation>单击放大，Alt+单击缩小，或左右拖动。</translation>
    </message>
    <message>
        <source>Rotate view</source>
        <translation>旋转视图</translation>
    </message>
    <message>
        <source>Drag to turn the view; the picture itself stays as it is. Esc turns it back.</source>
        <translation>拖动以旋转视图，图片本身保持不变。Esc 转回原位。</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>选区</translation>
    </message>
    <message>
        <source>New selection</source>
        <translation>新选区</translation>
    </message>
    <message>
        <source>Add to the selection (Shift)</source>
        <translation>添加到选区 (Shift)</translation>
    </message>
    <message>
        <source>Take away from the selection (Alt)</source>
        <translation>从选区减去 (Alt)</translation>
    </message>
    <message>
        <source>Keep what both have (Shift+Alt)</source>
        <translation>与选区交叉 (Shift+Alt)</translation>
    </message>
    <message>
        <source>Remove brush</source>
        <translation>移除画笔</translation>
    </message>
    <message>
        <source>Brush over what should go, then press Enter.</source>
        <translation>涂抹要去掉的部分，然后按 Enter 键。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Diameter of the brush ([ and ])</source>
        <translation>画笔直径（[ 和 ]）</translation>
    </message>
    <message>
        <source>Hardness</source>
        <translation>硬度</translation>
    </message>
    <message>
        <source>100 % has a sharp edge, 0 % fades out from the middle</source>
        <translation>100 % 为清晰边缘，0 % 从中心渐隐</translation>
    </message>
    <message>
        <source>Alt+click on what should be copied, then paint it elsewhere.</source>
        <translation>Alt+单击要复制的位置，然后在别处涂抹。</translation>
    </message>
    <message>
        <source>Healing brush</source>
        <translation>修复画笔</translation>
    </message>
    <message>
        <source>Alt+click on clean skin or texture, then paint over a flaw: light and colour are matched.</source>
        <translation>Alt+单击干净的皮肤或纹理，然后涂抹瑕疵：光线和颜色会自动匹配。</translation>
    </message>
    <message>
        <source>Spot healing</source>
        <translation>污点修复</translation>
    </message>
    <message>
        <source>Click or paint over a spot; it is covered with what lies around it.</source>
        <translation>单击或涂抹污点，它会被周围的内容覆盖。</translation>
    </message>
    <message>
        <source>Which layers are copied from</source>
        <translation>从哪些图层复制</translation>
    </message>
    <message>
        <source>Current and below</source>
        <translation>当前和下方图层</translation>
    </message>
    <message>
        <source>Aligned</source>
        <translation>对齐</translation>
    </message>
    <message>
        <source>Each stroke goes on from where the source would be by now</source>
        <translation>每一笔都从源点此时应在的位置继续</translation>
    </message>
    <message>
        <source>Hold Alt and click on what should be copied first.</source>
        <translation>请先按住 Alt 并单击要复制的位置。</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>羽化</translation>
    </message>
    <message>
        <source>Soften the edge of what is selected next</source>
        <translation>柔化接下来所选内容的边缘</translation>
    </message>
    <message>
        <source>Anti-alias</source>
        <translation>消除锯齿</translation>
    </message>
    <message>
        <source>Smooth the stairs of slanted and round edges</source>
        <translation>平滑斜边和圆边的锯齿</translation>
    </message>
    <message>
        <source>Drag a rectangle</source>
        <translation>拖出矩形</translation>
    </message>
    <message>
        <source>Drag an ellipse</source>
        <translation>拖出椭圆</translation>
    </message>
    <message>
        <source>Draw around what you want to select</source>
        <translation>沿要选择的内容描画</translation>
    </message>
    <message>
        <source>Click corners around it</source>
        <translation>在其周围单击各个角点</translation>
    </message>
    <message>
        <source>Select by colour</source>
        <translation>按颜色选择</translation>
    </message>
    <message>
        <source>Take a colour from the picture</source>
        <translation>从图片中取颜色</translation>
    </message>
    <message>
        <source>Brush over what should go</source>
        <translation>涂抹要去掉的部分</translation>
    </message>
    <message>
        <source>Paint over flaws from a clean place</source>
        <translation>用干净的位置修复瑕疵</translation>
    </message>
    <message>
        <source>Click on spots to cover them</source>
        <translation>单击污点将其覆盖</translation>
    </message>
    <message>
        <source>Paint with the foreground colour</source>
        <translation>用前景色绘画</translation>
    </message>
    <message>
        <source>Draw with hard edges</source>
        <translation>绘制硬边</translation>
    </message>
    <message>
        <source>Copy from one place to another</source>
        <translation>从一处复制到另一处</translation>
    </message>
    <message>
        <source>Erase to transparency</source>
        <translation>擦除为透明</translation>
    </message>
    <message>
        <source>A smooth change of colour</source>
        <translation>颜色的平滑过渡</translation>
    </message>
    <message>
        <source>Fill what has a similar colour</source>
        <translation>填充相近的颜色</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} 到 {1}</translation>
    </message>
    <message>
        <source>Layer 1</source>
        <translation>图层 1</translation>
    </message>
    <message>
        <source>The frame has a number that is not finite.</source>
        <translation>裁剪框中有一个无效的数值。</translation>
    </message>
    <message>
        <source>Enlarge with detail</source>
        <translation>放大并补充细节</translation>
    </message>
    <message>
        <source>Flip horizontally</source>
        <translation>水平翻转</translation>
    </message>
    <message>
        <source>Flip vertically</source>
        <translation>垂直翻转</translation>
    </message>
    <message>
        <source>Load selection</source>
        <translation>载入选区</translation>
    </message>
    <message>
        <source>a folder</source>
        <translation>一个文件夹</translation>
    </message>
    <message>
        <source>a device or a pipe</source>
        <translation>一个设备或管道</translation>
    </message>
    <message>
        <source>colour profile</source>
        <translation>颜色配置文件</translation>
    </message>
    <message>
        <source>Its EXIF was left out: {0}</source>
        <translation>其 EXIF 已略去：{0}</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>the disk quota is used up</source>
        <translation>磁盘配额已用完</translation>
    </message>
    <message>
        <source>there is no permission to write here; choose another folder</source>
        <translation>没有在此处写入的权限，请选择其他文件夹</translation>
    </message>
    <message>
        <source>the disk is read-only; choose another folder</source>
        <translation>磁盘为只读，请选择其他文件夹</translation>
    </message>
    <message>
        <source>the folder does not exist</source>
        <translation>文件夹不存在</translation>
    </message>
    <message>
        <source>a folder has this name; choose another name</source>
        <translation>有文件夹使用此名称，请另选名称</translation>
    </message>
    <message>
        <source>the name is too long; choose a shorter one</source>
        <translation>名称太长，请用短一些的名称</translation>
    </message>
    <message>
        <source>the file would be larger than this disk allows</source>
        <translation>文件会超过此磁盘允许的大小</translation>
    </message>
    <message>
        <source>the link points to itself</source>
        <translation>链接指向了自身</translation>
    </message>
    <message>
        <source>the picture could not be written in this format; choose another one</source>
        <translation>图片无法以此格式写入，请选择其他格式</translation>
    </message>
    <message>
        <source>the disk reported an error ({0})</source>
        <translation>磁盘报告了错误（{0}）</translation>
    </message>
    <message>
        <source>Its XMP is compressed in a way that is not read here, and was left out</source>
        <translation>其 XMP 的压缩方式在此无法读取，已略去</translation>
    </message>
    <message>
        <source>colour profile, times {0} items,</source>
        <translation>颜色配置文件，乘以 {0} 个项目，</translation>
    </message>
    <message>
        <source>its colour profile is larger than the limit of {0} MB</source>
        <translation>其颜色配置文件超过了上限 {0} MB</translation>
    </message>
    <message>
        <source>its colour profile claims {0} bytes in a file of {1}, which libjxl does not unpack; it may be damaged</source>
        <translation>其颜色配置文件在 {1} 字节的文件中声称有 {0} 字节，libjxl 不会解压；文件可能已损坏</translation>
    </message>
    <message>
        <source>its {0} channels hold more than the limit of {1} megapixels together</source>
        <translation>其 {0} 个通道合计超过了上限 {1} 百万像素</translation>
    </message>
    <message>
        <source>the header is cut off</source>
        <translation>文件头不完整</translation>
    </message>
    <message>
        <source>Its {0} is larger than the limit of {1} MB and was left out</source>
        <translation>其{0}超过了上限 {1} MB，已略去</translation>
    </message>
    <message>
        <source>Its {0} is damaged and was left out</source>
        <translation>其{0}已损坏，已略去</translation>
    </message>
    <message>
        <source>is damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>; the flat picture in it, mergedimage.png, is whole: a ZIP program can take it out</source>
        <translation>；其中的平面图片 mergedimage.png 是完好的：可用 ZIP 程序取出</translation>
    </message>
    <message>
        <source>{0} in it {1}{2}</source>
        <translation>其中的 {0} {1}{2}</translation>
    </message>
    <message>
        <source>{0} bytes</source>
        <translation>{0} 字节</translation>
    </message>
    <message>
        <source>Its guide lines are damaged and were left out</source>
        <translation>其参考线已损坏，已略去</translation>
    </message>
    <message>
        <source>Its guide lines were left out. {0}</source>
        <translation>其参考线已略去。{0}</translation>
    </message>
    <message>
        <source>{0} of its {1} guide lines are damaged and were left out</source>
        <translation>其 {1} 条参考线中有 {0} 条已损坏，已略去</translation>
    </message>
    <message>
        <source>{0} (as shown)</source>
        <translation>{0}（如所显示）</translation>
    </message>
    <message>
        <source>Colour Lookup is not known here; the layer is empty</source>
        <translation>此处不支持“颜色查找”，该图层为空</translation>
    </message>
    <message>
        <source>Selective Colour is not known here; the layer is empty</source>
        <translation>此处不支持“可选颜色”，该图层为空</translation>
    </message>
    <message>
        <source>An adjustment cannot be read; the layer is empty</source>
        <translation>有一个调整无法读取，该图层为空</translation>
    </message>
    <message>
        <source>A drawn curve became one through 19 points</source>
        <translation>手绘的曲线变成了通过 19 个点的曲线</translation>
    </message>
    <message>
        <source>A photo filter&apos;s colour cannot be read; it became the warming filter&apos;s</source>
        <translation>照片滤镜的颜色无法读取，改用加温滤镜的颜色</translation>
    </message>
    <message>
        <source>The transparency of a gradient map is not applied</source>
        <translation>渐变映射的透明度未应用</translation>
    </message>
    <message>
        <source>Text came in as pixels</source>
        <translation>文字以像素读入</translation>
    </message>
    <message>
        <source>Smart objects came in as pixels</source>
        <translation>智能对象以像素读入</translation>
    </message>
    <message>
        <source>Gradient fills came in as pixels</source>
        <translation>渐变填充以像素读入</translation>
    </message>
    <message>
        <source>Pattern fills came in as pixels</source>
        <translation>图案填充以像素读入</translation>
    </message>
    <message>
        <source>Colour fills came in as pixels</source>
        <translation>颜色填充以像素读入</translation>
    </message>
    <message>
        <source>Artboards became groups, which cut nothing off</source>
        <translation>画板变成了组，不会裁去任何内容</translation>
    </message>
    <message>
        <source>Dissolve is shown as Normal</source>
        <translation>“溶解”显示为“正常”</translation>
    </message>
    <message>
        <source>Fill is taken for opacity, which looks different in this blend mode</source>
        <translation>“填充”当作不透明度处理，在此混合模式下效果不同</translation>
    </message>
    <message>
        <source>Layer effects are not shown</source>
        <translation>不显示图层效果</translation>
    </message>
    <message>
        <source>“Blend If” is not applied</source>
        <translation>未应用“混合颜色带”</translation>
    </message>
    <message>
        <source>Knockout is not applied</source>
        <translation>未应用“挖空”</translation>
    </message>
    <message>
        <source>Clipped layers are blended as a group</source>
        <translation>剪贴的图层作为一组混合</translation>
    </message>
    <message>
        <source>All channels are blended, not only those chosen</source>
        <translation>混合了所有通道，而不只是选定的通道</translation>
    </message>
    <message>
        <source>The stroke of a shape is not shown</source>
        <translation>不显示形状的描边</translation>
    </message>
    <message>
        <source>The feather of a mask is not applied</source>
        <translation>未应用蒙版的羽化</translation>
    </message>
    <message>
        <source>The density of a path&apos;s mask is not applied</source>
        <translation>未应用路径蒙版的浓度</translation>
    </message>
    <message>
        <source>A fill without stored pixels is left empty</source>
        <translation>没有存储像素的填充图层为空</translation>
    </message>
    <message>
        <source>A mask of pixels that was turned off is gone</source>
        <translation>已停用的像素蒙版不再保留</translation>
    </message>
    <message>
        <source>the selection (save it as a channel first)</source>
        <translation>选区（请先存储为通道）</translation>
    </message>
    <message>
        <source>that it is grey (it is saved as RGB)</source>
        <translation>灰度模式（以 RGB 存储）</translation>
    </message>
    <message>
        <source>the colour profile (it is not for the colours that are saved)</source>
        <translation>颜色配置文件（它不适用于所存储的颜色）</translation>
    </message>
    <message>
        <source>how a fill was made</source>
        <translation>填充的制作方式</translation>
    </message>
    <message>
        <source>the white balance (the layer is saved empty and hidden)</source>
        <translation>白平衡（该图层存储为空图层并隐藏）</translation>
    </message>
    <message>
        <source>the exact gamma of Levels</source>
        <translation>色阶的精确灰度系数</translation>
    </message>
    <message>
        <source>{0} and {1} more</source>
        <translation>{0} 以及另外 {1} 个</translation>
    </message>
    <message>
        <source>its layers claim more than {0} values, the limit, or it is damaged</source>
        <translation>其图层声称的数值超过上限 {0} 个，或文件已损坏</translation>
    </message>
    <message>
        <source>its layers claim more than {0} times its size, the limit, or it is damaged</source>
        <translation>其图层声称的大小超过文件大小的 {0} 倍（上限），或文件已损坏</translation>
    </message>
    <message>
        <source>its layers&apos; data nest more than {0} deep, the limit, or it is damaged</source>
        <translation>其图层数据嵌套超过上限 {0} 层，或文件已损坏</translation>
    </message>
    <message>
        <source>Its black and white (Bitmap) became grey</source>
        <translation>其黑白（位图）已变为灰度</translation>
    </message>
    <message>
        <source>Its indexed colours became RGB</source>
        <translation>其索引颜色已变为 RGB</translation>
    </message>
    <message>
        <source>Its CMYK colours became RGB</source>
        <translation>其 CMYK 颜色已变为 RGB</translation>
    </message>
    <message>
        <source>Its inks (Duotone) became grey</source>
        <translation>其油墨（双色调）已变为灰度</translation>
    </message>
    <message>
        <source>Its Lab colours became RGB</source>
        <translation>其 Lab 颜色已变为 RGB</translation>
    </message>
    <message>
        <source>Its layers came in as one flat picture</source>
        <translation>其图层以一张平面图片读入</translation>
    </message>
    <message>
        <source>Its {0} bits a channel became {1}</source>
        <translation>其每通道 {0} 位已变为 {1} 位</translation>
    </message>
    <message>
        <source>layer comps</source>
        <translation>图层复合</translation>
    </message>
    <message>
        <source>a timeline</source>
        <translation>时间轴</translation>
    </message>
    <message>
        <source>IPTC texts</source>
        <translation>IPTC 文本</translation>
    </message>
    <message>
        <source>Not kept: {0}</source>
        <translation>未保留：{0}</translation>
    </message>
    <message>
        <source>A mask&apos;s path is too large to be drawn</source>
        <translation>蒙版的路径太大，无法绘制</translation>
    </message>
    <message>
        <source>end the name in .psb</source>
        <translation>请将名称以 .psb 结尾</translation>
    </message>
    <message>
        <source>make it smaller</source>
        <translation>请缩小图片</translation>
    </message>
    <message>
        <source>Cannot save {0}: {1}; {2}. Nothing was changed.</source>
        <translation>无法存储 {0}：{1}，{2}。没有任何更改。</translation>
    </message>
    <message>
        <source>camera RAW</source>
        <translation>相机 RAW</translation>
    </message>
    <message>
        <source>Cannot open {0}: it is damaged or cut off; try another copy.</source>
        <translation>无法打开 {0}：它已损坏或不完整，请换一份副本。</translation>
    </message>
    <message>
        <source>{0} megapixels</source>
        <translation>{0} 百万像素</translation>
    </message>
    <message>
        <source>Cannot open {0}: it is larger than the limit of {1}; make it smaller in another program first.</source>
        <translation>无法打开 {0}：它超过了上限{1}，请先用其他程序缩小。</translation>
    </message>
    <message>
        <source>this Lacuna was built without what this format needs; convert the picture in another program</source>
        <translation>此 Lacuna 构建时未包含该格式所需的组件；请用其他程序转换图片</translation>
    </message>
    <message>
        <source>a package for this format is missing; install it with: pip install {0}</source>
        <translation>缺少此格式所需的软件包，请用此命令安装：pip install {0}</translation>
    </message>
    <message>
        <source>Its tags claim {0} bytes where the file has {1}; the largest were left out</source>
        <translation>其标签声称有 {0} 字节，而文件只有 {1} 字节；最大的已略去</translation>
    </message>
    <message>
        <source>Structure line</source>
        <translation>结构线</translation>
    </message>
    <message>
        <source>Sketch</source>
        <translation>草图</translation>
    </message>
    <message>
        <source>Move line</source>
        <translation>移动直线</translation>
    </message>
    <message>
        <source>Change sketch</source>
        <translation>更改草图</translation>
    </message>
    <message>
        <source>Turn line on</source>
        <translation>启用直线</translation>
    </message>
    <message>
        <source>Turn line off</source>
        <translation>停用直线</translation>
    </message>
    <message>
        <source>Turn sketch on</source>
        <translation>启用草图</translation>
    </message>
    <message>
        <source>Turn sketch off</source>
        <translation>停用草图</translation>
    </message>
    <message>
        <source>Delete sketch line</source>
        <translation>删除草图线条</translation>
    </message>
    <message>
        <source>Clear lines</source>
        <translation>清除直线</translation>
    </message>
    <message>
        <source>Clear sketch</source>
        <translation>清除草图</translation>
    </message>
    <message>
        <source>Clear guides</source>
        <translation>清除参考线</translation>
    </message>
    <message>
        <source>Add lines</source>
        <translation>添加直线</translation>
    </message>
    <message>
        <source>Delete lines</source>
        <translation>删除直线</translation>
    </message>
    <message>
        <source>Earlier steps could not be read back from the disk. The picture is as it was.</source>
        <translation>较早的步骤无法从磁盘读回。图片保持原样。</translation>
    </message>
    <message>
        <source>damaged profile</source>
        <translation>损坏的配置文件</translation>
    </message>
    <message>
        <source>unnamed profile</source>
        <translation>未命名的配置文件</translation>
    </message>
    <message>
        <source>Earlier steps</source>
        <translation>较早的步骤</translation>
    </message>
    <message>
        <source>damaged at byte {0}</source>
        <translation>在第 {0} 字节处损坏</translation>
    </message>
    <message>
        <source>something in this picture is not known to it</source>
        <translation>此图片中有它不认识的内容</translation>
    </message>
    <message>
        <source>Changes would be lost if Lacuna stopped now, as keeping them failed: {0}.</source>
        <translation>如果 Lacuna 现在停止，更改会丢失，因为保留更改失败：{0}。</translation>
    </message>
    <message>
        <source>is locked</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>The layer “{0}” {1}. Unlock it in the Layers panel first.</source>
        <translation>图层“{0}”{1}。请先在“图层”面板中解锁。</translation>
    </message>
    <message>
        <source>This picture is being worked on. Wait until that has ended, or stop it with Esc.</source>
        <translation>正在处理此图片。请等待处理结束，或按 Esc 停止。</translation>
    </message>
    <message>
        <source>a recipe&apos;s grain lies between 0 and 1</source>
        <translation>配方的颗粒值在 0 到 1 之间</translation>
    </message>
    <message>
        <source>a recipe&apos;s guides are a list of lists of points</source>
        <translation>配方的参考线是点列表的列表</translation>
    </message>
    <message>
        <source>a recipe&apos;s guides are damaged: {0}</source>
        <translation>配方的参考线已损坏：{0}</translation>
    </message>
    <message>
        <source>a recipe&apos;s guides are too many: {0}</source>
        <translation>配方的参考线过多：{0}</translation>
    </message>
    <message>
        <source>a picture</source>
        <translation>一张图片</translation>
    </message>
    <message>
        <source>Untitled</source>
        <translation>未命名</translation>
    </message>
    <message>
        <source>there is not enough memory</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>Cannot recover {0}: {1}.</source>
        <translation>无法恢复 {0}：{1}。</translation>
    </message>
    <message>
        <source>the transform puts part of the picture behind the horizon</source>
        <translation>该变换使图片的一部分落到地平线之后</translation>
    </message>
    <message>
        <source>Revert</source>
        <translation>恢复到上次存储</translation>
    </message>
    <message>
        <source>Rectangular selection</source>
        <translation>矩形选区</translation>
    </message>
    <message>
        <source>Elliptical selection</source>
        <translation>椭圆选区</translation>
    </message>
    <message>
        <source>Nothing was deselected yet.</source>
        <translation>还没有取消选择过任何内容。</translation>
    </message>
    <message>
        <source>Grow selection by colour</source>
        <translation>按颜色扩大选区</translation>
    </message>
    <message>
        <source>Select similar</source>
        <translation>选取相似</translation>
    </message>
    <message>
        <source>Selection from mask</source>
        <translation>从蒙版载入选区</translation>
    </message>
    <message>
        <source>{0} copy</source>
        <translation>{0} 拷贝</translation>
    </message>
    <message>
        <source>Show layers</source>
        <translation>显示图层</translation>
    </message>
    <message>
        <source>Hide layers</source>
        <translation>隐藏图层</translation>
    </message>
    <message>
        <source>Add layer mask</source>
        <translation>添加图层蒙版</translation>
    </message>
    <message>
        <source>Invert layer mask</source>
        <translation>反相图层蒙版</translation>
    </message>
    <message>
        <source>the layers (one flat picture is saved)</source>
        <translation>图层（存储为一张平面图片）</translation>
    </message>
    <message>
        <source>the saved selections</source>
        <translation>存储的选区</translation>
    </message>
    <message>
        <source>the transparency (white is put behind it)</source>
        <translation>透明度（以白色衬底）</translation>
    </message>
    <message>
        <source>16 bits a channel (8 are saved)</source>
        <translation>每通道 16 位（以 8 位存储）</translation>
    </message>
    <message>
        <source>the guide lines (structure lines and sketch)</source>
        <translation>参考线（结构线和草图）</translation>
    </message>
    <message>
        <source>There is nothing but that. The picture stays as it is.</source>
        <translation>除此之外没有其他内容。图片保持原样。</translation>
    </message>
    <message>
        <source>There is nothing to trim at the edges.</source>
        <translation>边缘没有可裁切的内容。</translation>
    </message>
    <message>
        <source>a network that enlarges</source>
        <translation>放大网络</translation>
    </message>
    <message>
        <source>No face was found in this picture. Use one with a face that looks at the camera or half away from it and is at least 40 pixels wide.</source>
        <translation>此图片中未找到人脸。请使用正对或半侧对镜头、且至少 40 像素宽的人脸。</translation>
    </message>
    <message>
        <source>one face</source>
        <translation>一张人脸</translation>
    </message>
    <message>
        <source>{0} faces</source>
        <translation>{0} 张人脸</translation>
    </message>
    <message>
        <source>There is no face {0}: {1} found. Number 1 is the largest.</source>
        <translation>没有第 {0} 张人脸：找到{1}。编号 1 为最大者。</translation>
    </message>
    <message>
        <source>Fill with words</source>
        <translation>按文字描述填充</translation>
    </message>
    <message>
        <source>style words</source>
        <translation>style words</translation>
    </message>
    <message>
        <source>style negative</source>
        <translation>style negative</translation>
    </message>
    <message>
        <source>typed negative</source>
        <translation>typed negative</translation>
    </message>
    <message>
        <source>Find lines</source>
        <translation>查找线条</translation>
    </message>
    <message>
        <source>face sketch</source>
        <translation>人脸素描</translation>
    </message>
    <message>
        <source>The sketch is as it was. Erase a line of it or draw another, then change the face.</source>
        <translation>素描没有变化。请擦除或绘制线条，再改变人脸。</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>线条</translation>
    </message>
    <message>
        <source>Face sketch</source>
        <translation>人脸素描</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>纸张</translation>
    </message>
    <message>
        <source>Sketch a face</source>
        <translation>为人脸画素描</translation>
    </message>
    <message>
        <source>The face lies outside the picture. Undo what moved it, or sketch it anew.</source>
        <translation>人脸位于图片之外。请撤销移动它的操作，或重新画素描。</translation>
    </message>
    <message>
        <source>Changing the face</source>
        <translation>正在改变人脸</translation>
    </message>
    <message>
        <source>The sketch of this face is no longer in the picture. Sketch it anew.</source>
        <translation>此人脸的素描已不在图片中。请重新画素描。</translation>
    </message>
    <message>
        <source>inversion steps</source>
        <translation>反演步数</translation>
    </message>
    <message>
        <source>tuning steps</source>
        <translation>微调步数</translation>
    </message>
    <message>
        <source>attribute {0}</source>
        <translation>属性 {0}</translation>
    </message>
    <message>
        <source>Face changed</source>
        <translation>已改变的人脸</translation>
    </message>
    <message>
        <source>Change face</source>
        <translation>改变人脸</translation>
    </message>
    <message>
        <source>The fill “{0}” is no longer in this picture.</source>
        <translation>填充“{0}”已不在此图片中。</translation>
    </message>
    <message>
        <source>Nothing lies below “{0}” that a fill could be made of.</source>
        <translation>“{0}”下方没有可用来填充的内容。</translation>
    </message>
    <message>
        <source>Change fill</source>
        <translation>更改填充</translation>
    </message>
    <message>
        <source>Nothing is masked yet. Brush over what should go, then press Enter.</source>
        <translation>还没有蒙住任何内容。涂抹要去掉的部分，然后按 Enter 键。</translation>
    </message>
    <message>
        <source>That is no larger. Use Image size to make the picture smaller.</source>
        <translation>这并不更大。要缩小图片请使用“图像大小”。</translation>
    </message>
    <message>
        <source>Photograph</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Film grain</source>
        <translation>胶片颗粒</translation>
    </message>
    <message>
        <source>Studio product</source>
        <translation>棚拍产品</translation>
    </message>
    <message>
        <source>Watercolour</source>
        <translation>水彩</translation>
    </message>
    <message>
        <source>Oil painting</source>
        <translation>油画</translation>
    </message>
    <message>
        <source>Pencil drawing</source>
        <translation>铅笔画</translation>
    </message>
    <message>
        <source>Flat illustration</source>
        <translation>扁平插画</translation>
    </message>
    <message>
        <source>{prompt}, photograph, natural light, sharp focus</source>
        <translation>{prompt}, photograph, natural light, sharp focus</translation>
    </message>
    <message>
        <source>painting, drawing, 3d render, text</source>
        <translation>painting, drawing, 3d render, text</translation>
    </message>
    <message>
        <source>{prompt}, 35 mm film photograph, fine grain, muted colours</source>
        <translation>{prompt}, 35 mm film photograph, fine grain, muted colours</translation>
    </message>
    <message>
        <source>{prompt}, product photograph, soft box light, plain background</source>
        <translation>{prompt}, product photograph, soft box light, plain background</translation>
    </message>
    <message>
        <source>{prompt}, black and white photograph, rich tones</source>
        <translation>{prompt}, black and white photograph, rich tones</translation>
    </message>
    <message>
        <source>{prompt}, watercolour painting on rough paper, soft edges</source>
        <translation>{prompt}, watercolour painting on rough paper, soft edges</translation>
    </message>
    <message>
        <source>{prompt}, oil painting, visible brush strokes, canvas</source>
        <translation>{prompt}, oil painting, visible brush strokes, canvas</translation>
    </message>
    <message>
        <source>photograph, 3d render</source>
        <translation>photograph, 3d render</translation>
    </message>
    <message>
        <source>{prompt}, pencil drawing, fine hatching, white paper</source>
        <translation>{prompt}, pencil drawing, fine hatching, white paper</translation>
    </message>
    <message>
        <source>photograph, colour</source>
        <translation>photograph, colour</translation>
    </message>
    <message>
        <source>{prompt}, flat vector illustration, clean shapes</source>
        <translation>{prompt}, flat vector illustration, clean shapes</translation>
    </message>
    <message>
        <source>photograph, noise</source>
        <translation>photograph, noise</translation>
    </message>
    <message>
        <source>The words make more than {0} choices. Do lists name each other in a circle?</source>
        <translation>这些文字产生超过 {0} 种选择。词表是否互相循环引用？</translation>
    </message>
    <message>
        <source>There is no list of words &quot;{0}&quot;. Put a text file {1} into {2}.</source>
        <translation>没有词表“{0}”。请将文本文件 {1} 放入 {2}。</translation>
    </message>
    <message>
        <source>The list of words {0} is empty. Write one choice to a line.</source>
        <translation>词表 {0} 是空的。请每行写一个选项。</translation>
    </message>
    <message>
        <source>Click on a face to see its sketch. Erase a line or draw one, and the face follows.</source>
        <translation>点击人脸以显示其素描。擦除或绘制线条，人脸会随之改变。</translation>
    </message>
    <message>
        <source>Click on a face to change it by its sketch</source>
        <translation>点击人脸，通过素描改变它</translation>
    </message>
    <message>
        <source>Plug-in of {package}</source>
        <translation>{package} 的插件</translation>
    </message>
    <message>
        <source>Enlarging</source>
        <translation>正在放大</translation>
    </message>
    <message>
        <source>Enlarged with detail. Ctrl+Z brings it back.</source>
        <translation>已放大并补充细节。按 Ctrl+Z 可恢复。</translation>
    </message>
    <message>
        <source>Enlarge</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>{factor} times</source>
        <translation>{factor} 倍</translation>
    </message>
    <message>
        <source>Another size</source>
        <translation>其他尺寸</translation>
    </message>
    <message>
        <source>A network that you have: a .safetensors, .pth or .onnx file</source>
        <translation>您已有的网络：.safetensors、.pth 或 .onnx 文件</translation>
    </message>
    <message>
        <source>How much of what the model adds; 0 is a smooth enlargement</source>
        <translation>采用多少模型补充的内容；0 为平滑放大</translation>
    </message>
    <message>
        <source>How much of the noise and the finest lines the model smooths is given back</source>
        <translation>把模型抹平的颗粒和最细线条还回多少</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>细节</translation>
    </message>
    <message>
        <source>Enlarging with detail needs a model. There is none here yet.</source>
        <translation>放大并补充细节需要模型。这里还没有。</translation>
    </message>
    <message>
        <source>Choose a model for enlarging</source>
        <translation>选择用于放大的模型</translation>
    </message>
    <message>
        <source>About {time}, {memory} of memory.</source>
        <translation>约 {time}，内存 {memory}。</translation>
    </message>
    <message>
        <source>Yes, by strips laid along them</source>
        <translation>是，沿线铺设条带</translation>
    </message>
    <message>
        <source>Yes, in a channel of its own</source>
        <translation>是，通过专门的通道</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>About {size}</source>
        <translation>约 {size}</translation>
    </message>
    <message>
        <source>About {seconds} s for 512 × 512 pixels, on two processor cores</source>
        <translation>512 × 512 像素约 {seconds} 秒（两个处理器核心）</translation>
    </message>
    <message>
        <source>Graphics card or processor</source>
        <translation>显卡或处理器</translation>
    </message>
    <message>
        <source>Follows lines</source>
        <translation>沿线填充</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>As that of the model you choose</source>
        <translation>与您所选模型的相同</translation>
    </message>
    <message>
        <source>Your own, or one that the Models window installs</source>
        <translation>您自己的，或由模型窗口安装的</translation>
    </message>
    <message>
        <source>comes with Lacuna</source>
        <translation>随 Lacuna 提供</translation>
    </message>
    <message>
        <source>is fetched when you ask for it</source>
        <translation>在您需要时下载</translation>
    </message>
    <message>
        <source>you bring it</source>
        <translation>由您自备</translation>
    </message>
    <message>
        <source>What went wrong lately</source>
        <translation>最近出了什么问题</translation>
    </message>
    <message>
        <source>&amp;Reports of problems</source>
        <translation>问题报告(&amp;R)</translation>
    </message>
    <message>
        <source>Make the picture larger and add the detail that a larger one would have had</source>
        <translation>放大图片，并补上更大的图片本应具有的细节</translation>
    </message>
    <message>
        <source>&amp;Enlarge with detail…</source>
        <translation>放大并补充细节(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Portrait</source>
        <translation>人像(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Sketch a face</source>
        <translation>为人脸画素描(&amp;S)</translation>
    </message>
    <message>
        <source>Find the faces, and show the sketch of one to change it</source>
        <translation>查找人脸，并显示其中一张的素描以便修改</translation>
    </message>
    <message>
        <source>&amp;Change the face</source>
        <translation>改变人脸(&amp;C)</translation>
    </message>
    <message>
        <source>Have the photograph follow the sketch of its face (Enter)</source>
        <translation>让照片随人脸的素描改变 (Enter)</translation>
    </message>
    <message>
        <source>A model that you have as a diffusers folder</source>
        <translation>您已有的 diffusers 文件夹形式的模型</translation>
    </message>
    <message>
        <source>Finding faces</source>
        <translation>查找人脸</translation>
    </message>
    <message>
        <source>Changing faces</source>
        <translation>改变人脸</translation>
    </message>
    <message>
        <source>LoRAs, ControlNets and parts of models</source>
        <translation>LoRA、ControlNet 与模型部件</translation>
    </message>
    <message>
        <source>It takes part of the memory of the model that it goes with.</source>
        <translation>它占用所属模型的一部分内存。</translation>
    </message>
    <message>
        <source>research, non-commercial</source>
        <translation>研究用途，不可商用</translation>
    </message>
    <message>
        <source>{file} was added, for {name}.</source>
        <translation>已为 {name} 添加 {file}。</translation>
    </message>
    <message>
        <source>{file} was added: {what}.</source>
        <translation>已添加 {file}：{what}。</translation>
    </message>
    <message>
        <source>Draw a line of the sketch</source>
        <translation>绘制素描的线条</translation>
    </message>
    <message>
        <source>Erase lines of the sketch</source>
        <translation>擦除素描的线条</translation>
    </message>
    <message>
        <source>Erase lines of the face and draw them as they are to be, then change the face.</source>
        <translation>擦除人脸的线条，按想要的样子重新绘制，然后改变人脸。</translation>
    </message>
    <message>
        <source>Change the face</source>
        <translation>改变人脸</translation>
    </message>
    <message>
        <source>Have the photograph follow the sketch (Enter)</source>
        <translation>让照片随素描改变 (Enter)</translation>
    </message>
    <message>
        <source>Hide the sketch; it stays among the layers (Esc)</source>
        <translation>隐藏素描；它仍保留在图层中 (Esc)</translation>
    </message>
    <message>
        <source>Face model: {licence}</source>
        <translation>人脸模型：{licence}</translation>
    </message>
    <message>
        <source>Looking for faces</source>
        <translation>正在查找人脸</translation>
    </message>
    <message>
        <source>Sketching the face</source>
        <translation>正在画人脸素描</translation>
    </message>
    <message>
        <source>Choose a face first: click on it with the Portrait tool.</source>
        <translation>请先选择人脸：用人像工具点击它。</translation>
    </message>
    <message>
        <source>Follow words</source>
        <translation>遵循文字</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>左</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>上</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>右</translation>
    </message>
    <message>
        <source>Bottom</source>
        <translation>下</translation>
    </message>
    <message>
        <source>Guessing a face before it is changed</source>
        <translation>在改变人脸前作出估计</translation>
    </message>
    <message>
        <source>Judging how alike two faces look</source>
        <translation>判断两张脸有多相似</translation>
    </message>
    <message>
        <source>Telling whose face it is</source>
        <translation>辨认人脸属于谁</translation>
    </message>
    <message>
        <source>Changing faces quickly</source>
        <translation>快速改变人脸</translation>
    </message>
    <message>
        <source>Filling with words needs a diffusion model. There is none here yet.</source>
        <translation>按文字描述填充需要扩散模型。这里还没有。</translation>
    </message>
    <message>
        <source>Say what is to be there, or nothing</source>
        <translation>说明此处应有什么，或留空</translation>
    </message>
    <message>
        <source>What lies behind, if hard to tell</source>
        <translation>若难以判断，其后面是什么</translation>
    </message>
    <message>
        <source>Say what is beyond, or nothing</source>
        <translation>说明图片之外是什么，或留空</translation>
    </message>
    <message>
        <source>The model gave no picture in half precision: it was done again in float32, which is slower.</source>
        <translation>模型在半精度下未给出图片：已改用 float32 重做，速度较慢。</translation>
    </message>
    <message>
        <source>the text encoder CLIP-L</source>
        <translation>文本编码器 CLIP-L</translation>
    </message>
    <message>
        <source>the text encoder T5-XXL</source>
        <translation>文本编码器 T5-XXL</translation>
    </message>
    <message>
        <source>FLUX&apos;s autoencoder</source>
        <translation>FLUX 的自编码器</translation>
    </message>
    <message>
        <source>T5&apos;s tokenizer</source>
        <translation>T5 的分词器</translation>
    </message>
    <message>
        <source>t5xxl_fp16.safetensors, t5xxl_fp8_e4m3fn.safetensors or a GGUF of it</source>
        <translation>t5xxl_fp16.safetensors、t5xxl_fp8_e4m3fn.safetensors 或其 GGUF</translation>
    </message>
    <message>
        <source>spiece.model or tokenizer.json</source>
        <translation>spiece.model 或 tokenizer.json</translation>
    </message>
    <message>
        <source>{0} and {1}</source>
        <translation>{0} 和 {1}</translation>
    </message>
    <message>
        <source>{0} also needs {1}. Add what you have with: {2} models import FILE</source>
        <translation>{0} 还需要 {1}。请用以下命令添加您已有的文件：{2} models import FILE</translation>
    </message>
    <message>
        <source>{0} lacks its tensor {1}. Get it again.</source>
        <translation>{0} 缺少张量 {1}。请重新获取。</translation>
    </message>
    <message>
        <source>{0} is no SentencePiece model or is damaged. Get it again.</source>
        <translation>{0} 不是 SentencePiece 模型或已损坏。请重新获取。</translation>
    </message>
    <message>
        <source>{0} has the words of another model than T5.</source>
        <translation>{0} 含有 T5 以外模型的词表。</translation>
    </message>
    <message>
        <source>{0} does not tell T5&apos;s words. Get spiece.model as well.</source>
        <translation>{0} 不含 T5 的词表。请一并获取 spiece.model。</translation>
    </message>
    <message>
        <source>The model&apos;s tensor {0} is scaled in a way that Lacuna does not know.</source>
        <translation>模型的张量 {0} 以 Lacuna 不认识的方式缩放。</translation>
    </message>
    <message>
        <source>The model could not be brought to float32</source>
        <translation>无法将模型转换为 float32</translation>
    </message>
    <message>
        <source>The model file has numbers of ggml&apos;s type {0}, with which Lacuna cannot compute. Get the same model as Q8_0, Q6_K, Q5_K_S or Q4_K_S.</source>
        <translation>模型文件含有 ggml 类型 {0} 的数值，Lacuna 无法用其计算。请获取 Q8_0、Q6_K、Q5_K_S 或 Q4_K_S 版本的同一模型。</translation>
    </message>
    <message>
        <source>The model file is damaged ({0}). Get it again.</source>
        <translation>模型文件已损坏（{0}）。请重新获取。</translation>
    </message>
    <message>
        <source>{0} was not read: {1}. Get it again from its maker.</source>
        <translation>未读取 {0}：{1}。请从其作者处重新获取。</translation>
    </message>
    <message>
        <source>{0} is no package of MobileStyleGAN: {1}.</source>
        <translation>{0} 不是 MobileStyleGAN 的软件包：{1}。</translation>
    </message>
    <message>
        <source>{0} is larger than such a network. Get the package again.</source>
        <translation>{0} 比此类网络更大。请重新获取软件包。</translation>
    </message>
    <message>
        <source>The model file has a layer without a bias. Get it again.</source>
        <translation>模型文件有一层缺少偏置。请重新获取。</translation>
    </message>
    <message>
        <source>The model file scales its styles in a way that is not known. Get it again.</source>
        <translation>模型文件以未知方式缩放其样式。请重新获取。</translation>
    </message>
    <message>
        <source>The model file is no MobileStyleGAN. Get it again.</source>
        <translation>模型文件不是 MobileStyleGAN。请重新获取。</translation>
    </message>
    <message>
        <source>it has no layer {0}</source>
        <translation>它没有层 {0}</translation>
    </message>
    <message>
        <source>no {0} follows {1}</source>
        <translation>{1} 之后没有 {0}</translation>
    </message>
    <message>
        <source>{0} takes no single constant</source>
        <translation>{0} 不取单一常量</translation>
    </message>
    <message>
        <source>The model file was not read: {0}. Get it again from its maker.</source>
        <translation>未读取模型文件：{0}。请从其作者处重新获取。</translation>
    </message>
    <message>
        <source>{0} is not free for commercial use ({1}). If that suits you, install it with: {2} models install {3} --accept-licence</source>
        <translation>{0} 不可免费用于商业用途（{1}）。若您可以接受，请用以下命令安装：{2} models install {3} --accept-licence</translation>
    </message>
    <message>
        <source>{0}. Or get {1}, and add it with: {2} models import FILE</source>
        <translation>{0}。或获取 {1}，并用以下命令添加：{2} models import FILE</translation>
    </message>
    <message>
        <source>{0} gave no result. It is a plug-in of {1}.</source>
        <translation>{0} 没有给出结果。它是 {1} 的插件。</translation>
    </message>
    <message>
        <source>{0} gave a picture of another size than was asked for. It is a plug-in of {1}.</source>
        <translation>{0} 给出的图片尺寸与要求不符。它是 {1} 的插件。</translation>
    </message>
    <message>
        <source>{0} gave no picture, only numbers without a value. It is a plug-in of {1}.</source>
        <translation>{0} 没有给出图片，只有无效数值。它是 {1} 的插件。</translation>
    </message>
    <message>
        <source>it gives no engines.registry.EngineSpec</source>
        <translation>它没有给出 engines.registry.EngineSpec</translation>
    </message>
    <message>
        <source>its {0} makes no sense</source>
        <translation>其 {0} 没有意义</translation>
    </message>
    <message>
        <source>its {0} is none of: {1}</source>
        <translation>其 {0} 不在以下之列：{1}</translation>
    </message>
    <message>
        <source>its id has other characters than a-z, 0-9 and -</source>
        <translation>其 id 含有 a-z、0-9 和 - 以外的字符</translation>
    </message>
    <message>
        <source>there is an engine “{0}” already</source>
        <translation>已有引擎“{0}”</translation>
    </message>
    <message>
        <source>its module or its factory is no name of Python</source>
        <translation>其模块或工厂不是 Python 的名称</translation>
    </message>
    <message>
        <source>its forms are not ((),): a plug-in brings its own weights in its package</source>
        <translation>其 forms 不是 ((),)：插件应在自己的包中附带权重</translation>
    </message>
    <message>
        <source>its libraries make no sense</source>
        <translation>其依赖库没有意义</translation>
    </message>
    <message>
        <source>This plug-in is not used: {0}.</source>
        <translation>未使用此插件：{0}。</translation>
    </message>
    <message>
        <source>This plug-in is not used: {0}{1}.</source>
        <translation>未使用此插件：{0}{1}。</translation>
    </message>
    <message>
        <source>The weights of the portrait encoder do not fit it ({0}). Get them again.</source>
        <translation>人像编码器的权重与其不符（{0}）。请重新获取。</translation>
    </message>
    <message>
        <source>The face engine could not be loaded</source>
        <translation>无法加载人脸引擎</translation>
    </message>
    <message>
        <source>There was not enough memory: the face is made {0} pixels large, which is softer.</source>
        <translation>内存不足：人脸以 {0} 像素生成，因此较为柔和。</translation>
    </message>
    <message>
        <source>This face model knows no sliders. Draw into the sketch instead.</source>
        <translation>此人脸模型没有滑块。请改为在素描中绘制。</translation>
    </message>
    <message>
        <source>The face is too small to be changed. Enlarge the picture first.</source>
        <translation>人脸太小，无法改变。请先放大图片。</translation>
    </message>
    <message>
        <source>The face lies outside the picture. Choose another one.</source>
        <translation>人脸位于图片之外。请选择另一张。</translation>
    </message>
    <message>
        <source>The face could not be changed</source>
        <translation>无法改变人脸</translation>
    </message>
    <message>
        <source>The face came to nothing. Try again with fewer strokes.</source>
        <translation>未能生成人脸。请减少笔画后重试。</translation>
    </message>
    <message>
        <source>The faces could not be found</source>
        <translation>无法查找人脸</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>Conv</source>
        <translation>Conv</translation>
    </message>
    <message>
        <source>Gemm</source>
        <translation>Gemm</translation>
    </message>
    <message>
        <source>of the portrait engine</source>
        <translation>属于人像引擎</translation>
    </message>
    <message>
        <source>The model file has a part that is not known ({0}). Get it again.</source>
        <translation>模型文件含有未知部分（{0}）。请重新获取。</translation>
    </message>
    <message>
        <source>The weights of LPIPS do not fit it ({0}). Install it again.</source>
        <translation>LPIPS 的权重与其不符（{0}）。请重新安装。</translation>
    </message>
    <message>
        <source>The generator&apos;s weights do not fit it ({0}). Install it again.</source>
        <translation>生成器的权重与其不符（{0}）。请重新安装。</translation>
    </message>
    <message>
        <source>left brow</source>
        <translation>左眉</translation>
    </message>
    <message>
        <source>right brow</source>
        <translation>右眉</translation>
    </message>
    <message>
        <source>left eye</source>
        <translation>左眼</translation>
    </message>
    <message>
        <source>right eye</source>
        <translation>右眼</translation>
    </message>
    <message>
        <source>left ear</source>
        <translation>左耳</translation>
    </message>
    <message>
        <source>right ear</source>
        <translation>右耳</translation>
    </message>
    <message>
        <source>inside of the mouth</source>
        <translation>口腔</translation>
    </message>
    <message>
        <source>upper lip</source>
        <translation>上唇</translation>
    </message>
    <message>
        <source>lower lip</source>
        <translation>下唇</translation>
    </message>
    <message>
        <source>The model file {0} is not of the network for parsing faces. Install it again.</source>
        <translation>模型文件 {0} 不属于人脸解析网络。请重新安装。</translation>
    </message>
    <message>
        <source>The face could not be parsed</source>
        <translation>无法解析人脸</translation>
    </message>
    <message>
        <source>Face finder</source>
        <translation>人脸查找器</translation>
    </message>
    <message>
        <source>Finds faces, their eyes, mouth and outline.</source>
        <translation>查找人脸及其眼、口和轮廓。</translation>
    </message>
    <message>
        <source>Changes a face so that it follows its sketch. For research, not for commercial use.</source>
        <translation>让人脸随其素描改变。供研究使用，不可商用。</translation>
    </message>
    <message>
        <source>Enlarges up to 4 times and adds the detail that a larger picture would have had.</source>
        <translation>最多放大 4 倍，并补上更大的图片本应具有的细节。</translation>
    </message>
    <message>
        <source>Fills with what you describe, by a Stable Diffusion, SDXL, FLUX Fill or FLUX.2 klein model of yours.</source>
        <translation>用您的 Stable Diffusion、SDXL、FLUX Fill 或 FLUX.2 klein 模型，按您的描述填充。</translation>
    </message>
    <message>
        <source>{0} is not installed. Get it with: {1} models install {2}</source>
        <translation>{0} 未安装。请用以下命令获取：{1} models install {2}</translation>
    </message>
    <message>
        <source>{0} needs {1}. Add what you have with: {2} models import FILE</source>
        <translation>{0} 需要 {1}。请用以下命令添加您已有的文件：{2} models import FILE</translation>
    </message>
    <message>
        <source>{0} needs {1}. Install {2} again with all that it asks for.</source>
        <translation>{0} 需要 {1}。请重新安装 {2} 及其所需的一切。</translation>
    </message>
    <message>
        <source>{0} needs more libraries. They come with Lacuna Full: install that instead of Lite.</source>
        <translation>{0} 需要更多库。它们随 Lacuna Full 提供：请安装它来代替 Lite。</translation>
    </message>
    <message>
        <source>Install it again with: {0} models install {1}</source>
        <translation>请用以下命令重新安装：{0} models install {1}</translation>
    </message>
    <message>
        <source>Get it with: {0} models install {1}</source>
        <translation>请用以下命令获取：{0} models install {1}</translation>
    </message>
    <message>
        <source>Bring your own, {0}, and add it with: {1} models import FILE</source>
        <translation>请自备 {0}，并用以下命令添加：{1} models import FILE</translation>
    </message>
    <message>
        <source>There was not enough memory: it is enlarged in smaller tiles, which is slower.</source>
        <translation>内存不足：改用较小的图块放大，速度较慢。</translation>
    </message>
    <message>
        <source>The picture could not be enlarged</source>
        <translation>图片无法放大</translation>
    </message>
    <message>
        <source>The model enlarges {0} times; beyond that no detail was added.</source>
        <translation>该模型可放大 {0} 倍；超出部分未补充细节。</translation>
    </message>
    <message>
        <source>There is not enough memory for a picture of this size. Close other programs or choose a smaller one.</source>
        <translation>内存不足以处理此尺寸的图片。请关闭其他程序或选择较小的尺寸。</translation>
    </message>
    <message>
        <source>The model file holds no network of Real-ESRGAN. Get it again.</source>
        <translation>模型文件不含 Real-ESRGAN 的网络。请重新获取。</translation>
    </message>
    <message>
        <source>The model file is not whole ({0}). Get it again.</source>
        <translation>模型文件不完整（{0}）。请重新获取。</translation>
    </message>
    <message>
        <source>{0} is no convolution of 3 x 3</source>
        <translation>{0} 不是 3 x 3 卷积</translation>
    </message>
    <message>
        <source>{0} has no fractions</source>
        <translation>{0} 不是小数</translation>
    </message>
    <message>
        <source>The model {0} is not installed. Get it with: {1} models install {2}</source>
        <translation>模型 {0} 未安装。请用以下命令获取：{1} models install {2}</translation>
    </message>
    <message>
        <source>There is no model &quot;{0}&quot; for enlarging. Name a file ({1}) or one of: {2}.</source>
        <translation>没有用于放大的模型“{0}”。请指定文件（{1}）或以下之一：{2}。</translation>
    </message>
    <message>
        <source>{0} is too large for a network that enlarges. Choose another file.</source>
        <translation>{0} 作为放大网络过大。请选择其他文件。</translation>
    </message>
    <message>
        <source>{0} does not take one colour picture of any size. Get it exported with free sides.</source>
        <translation>{0} 不接受任意尺寸的单张彩色图片。请获取以自由边长导出的版本。</translation>
    </message>
    <message>
        <source>{0} is no network that enlarges pictures. Choose another file.</source>
        <translation>{0} 不是放大图片的网络。请选择其他文件。</translation>
    </message>
    <message>
        <source>The model gave a picture of another size than it should. Choose another model.</source>
        <translation>模型给出的图片尺寸不正确。请选择其他模型。</translation>
    </message>
    <message>
        <source>The model gave no numbers here. Choose another model.</source>
        <translation>模型在此没有给出有效数值。请选择其他模型。</translation>
    </message>
    <message>
        <source>{0} needs more libraries. Install them with: pip install &apos;lacuna[upscale]&apos;</source>
        <translation>{0} 需要更多库。请用以下命令安装：pip install &apos;lacuna[upscale]&apos;</translation>
    </message>
    <message>
        <source>{0} is no ONNX file that can be run. Choose another file.</source>
        <translation>{0} 不是可运行的 ONNX 文件。请选择其他文件。</translation>
    </message>
    <message>
        <source>The model does not make a larger picture of a picture. Choose another model.</source>
        <translation>该模型不会把图片变大。请选择其他模型。</translation>
    </message>
    <message>
        <source>{0} is no network for pictures that is known. Choose another file.</source>
        <translation>{0} 不是已知的图片网络。请选择其他文件。</translation>
    </message>
    <message>
        <source>{0} does not enlarge colour pictures. Choose another file.</source>
        <translation>{0} 不能放大彩色图片。请选择其他文件。</translation>
    </message>
    <message>
        <source>Object removal</source>
        <translation>移除对象</translation>
    </message>
    <message>
        <source>Finding structure lines</source>
        <translation>查找结构线</translation>
    </message>
    <message>
        <source>Finding eyes, mouth and outline of a face</source>
        <translation>查找人脸的眼、口和轮廓</translation>
    </message>
    <message>
        <source>Reading the words of a diffusion fill</source>
        <translation>读取填充的文字描述</translation>
    </message>
    <message>
        <source>Object removal (LaMa, as tensors)</source>
        <translation>移除对象（LaMa，张量文件）</translation>
    </message>
    <message>
        <source>Object removal (LaMa)</source>
        <translation>移除对象（LaMa）</translation>
    </message>
    <message>
        <source>Object removal (LaMa, ONNX)</source>
        <translation>移除对象（LaMa，ONNX）</translation>
    </message>
    <message>
        <source>Object removal (LaMa, ONNX of any size)</source>
        <translation>移除对象（LaMa，任意尺寸的 ONNX）</translation>
    </message>
    <message>
        <source>Object removal (small LaMa, ONNX)</source>
        <translation>移除对象（小型 LaMa，ONNX）</translation>
    </message>
    <message>
        <source>Object removal (ZITS, structure transformer)</source>
        <translation>移除对象（ZITS，结构变换器）</translation>
    </message>
    <message>
        <source>Object removal (ZITS, structure upsampler)</source>
        <translation>移除对象（ZITS，结构上采样器）</translation>
    </message>
    <message>
        <source>Object removal (ZITS, wireframe detector)</source>
        <translation>移除对象（ZITS，线框检测器）</translation>
    </message>
    <message>
        <source>Object removal (ZITS, texture restoration)</source>
        <translation>移除对象（ZITS，纹理恢复）</translation>
    </message>
    <message>
        <source>Selecting an object by a click</source>
        <translation>点击选择对象</translation>
    </message>
    <message>
        <source>Selecting the subject of a photograph</source>
        <translation>选择照片的主体</translation>
    </message>
    <message>
        <source>Telling hair, skin and background of a face apart</source>
        <translation>区分人脸的头发、皮肤和背景</translation>
    </message>
    <message>
        <source>Enlarging photographs</source>
        <translation>放大照片</translation>
    </message>
    <message>
        <source>Enlarging drawings</source>
        <translation>放大绘画</translation>
    </message>
    <message>
        <source>Enlarging drawings, quickly</source>
        <translation>快速放大绘画</translation>
    </message>
    <message>
        <source>Filling with words (Stable Diffusion 1.5, made for filling)</source>
        <translation>按文字描述填充（Stable Diffusion 1.5，专为填充制作）</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>已移除</translation>
    </message>
    <message>
        <source>There is no object there. Click on the middle of one, or drag a box around it.</source>
        <translation>此处没有对象。请点击对象中间，或拖出一个框住它的方框。</translation>
    </message>
    <message>
        <source>Object selection</source>
        <translation>选择对象</translation>
    </message>
    <message>
        <source>Object select</source>
        <translation>对象选择</translation>
    </message>
    <message>
        <source>Click on an object or drag a box around it. More clicks add, Alt takes away; Enter selects it.</source>
        <translation>点击对象，或拖出方框框住它。继续点击可添加，按住 Alt 可减去；按回车选中。</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>边距</translation>
    </message>
    <message>
        <source>Room for halo and shadow around the object</source>
        <translation>为对象周围的光晕和阴影留出余地</translation>
    </message>
    <message>
        <source>Select what is outlined (Enter)</source>
        <translation>选中勾勒出的部分（回车）</translation>
    </message>
    <message>
        <source>Begin anew (Escape)</source>
        <translation>重新开始（Esc）</translation>
    </message>
    <message>
        <source>Click on the object first; Alt takes away from what was found.</source>
        <translation>请先点击对象；按住 Alt 会从已找到的部分中减去。</translation>
    </message>
    <message>
        <source>The object has not been found yet.</source>
        <translation>尚未找到该对象。</translation>
    </message>
    <message>
        <source>The picture changed its shape. Click on the object again.</source>
        <translation>图片的形状已改变。请再次点击该对象。</translation>
    </message>
    <message>
        <source>Drag a frame; drag outside to turn it, Ctrl+drag along what is level. Enter crops, Esc lets go.</source>
        <translation>拖出裁剪框；在框外拖动可旋转，Ctrl+沿水平线拖动可拉直。Enter 裁剪，Esc 放弃。</translation>
    </message>
    <message>
        <source>Ratio</source>
        <translation>比例</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>不受约束</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>原始比例</translation>
    </message>
    <message>
        <source>Swap width and height</source>
        <translation>交换宽度和高度</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>角度</translation>
    </message>
    <message>
        <source>Straighten</source>
        <translation>拉直</translation>
    </message>
    <message>
        <source>Draw along what should be level or upright (Ctrl+drag)</source>
        <translation>沿应为水平或垂直的方向拖动（Ctrl+拖动）</translation>
    </message>
    <message>
        <source>Rule of thirds</source>
        <translation>三等分</translation>
    </message>
    <message>
        <source>Show lines at the thirds</source>
        <translation>在三等分处显示参考线</translation>
    </message>
    <message>
        <source>Delete cropped pixels</source>
        <translation>删除裁剪的像素</translation>
    </message>
    <message>
        <source>Give up what lies outside of the frame; otherwise it is kept beyond the canvas</source>
        <translation>丢弃裁剪框之外的内容；否则保留在画布之外</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancel (Esc)</source>
        <translation>取消 (Esc)</translation>
    </message>
    <message>
        <source>Crop (Enter)</source>
        <translation>裁剪 (Enter)</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>线性</translation>
    </message>
    <message>
        <source>Radial</source>
        <translation>径向</translation>
    </message>
    <message>
        <source>Reflected</source>
        <translation>对称</translation>
    </message>
    <message>
        <source>Diamond</source>
        <translation>菱形</translation>
    </message>
    <message>
        <source>Takes</source>
        <translation>选取</translation>
    </message>
    <message>
        <source>Remove brush, subtract</source>
        <translation>移除画笔，减去</translation>
    </message>
    <message>
        <source>Sketch pen</source>
        <translation>草图笔</translation>
    </message>
    <message>
        <source>Draw lines over the picture</source>
        <translation>在图片上画线</translation>
    </message>
    <message>
        <source>Straight structure lines with handles</source>
        <translation>带手柄的直结构线</translation>
    </message>
    <message>
        <source>Move the picture</source>
        <translation>移动图片</translation>
    </message>
    <message>
        <source>Turn the view</source>
        <translation>旋转视图</translation>
    </message>
    <message>
        <source>Free transform</source>
        <translation>自由变换</translation>
    </message>
    <message>
        <source>Move the layer, or what is selected of it</source>
        <translation>移动图层或其中所选的部分</translation>
    </message>
    <message>
        <source>Cut the picture to a frame, and straighten it</source>
        <translation>按裁剪框裁剪图片，并将其拉直</translation>
    </message>
    <message>
        <source>Zoom in, Alt to zoom out</source>
        <translation>放大，按住 Alt 缩小</translation>
    </message>
    <message>
        <source>Draw lines over the picture; hold Alt to erase them. They are kept beside the picture, not in it.</source>
        <translation>在图片上画线；按住 Alt 擦除。线条保存在图片之外，不在图片之中。</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>Draw</source>
        <translation>绘制</translation>
    </message>
    <message>
        <source>Erase (Alt)</source>
        <translation>擦除 (Alt)</translation>
    </message>
    <message>
        <source>Width of the line ([ and ])</source>
        <translation>线条宽度（[ 和 ]）</translation>
    </message>
    <message>
        <source>Delete the sketch</source>
        <translation>删除草图</translation>
    </message>
    <message>
        <source>Drag handles to scale, outside to turn, inside to move; Ctrl distorts. Enter applies, Esc cancels.</source>
        <translation>拖动手柄缩放，在外侧拖动旋转，在内侧拖动移动；Ctrl 扭曲。Enter 应用，Esc 取消。</translation>
    </message>
    <message>
        <source>X</source>
        <translation>X</translation>
    </message>
    <message>
        <source>Of the reference point</source>
        <translation>参考点的位置</translation>
    </message>
    <message>
        <source>Y</source>
        <translation>Y</translation>
    </message>
    <message>
        <source>Keep the ratio</source>
        <translation>保持比例</translation>
    </message>
    <message>
        <source>Keep the ratio of width and height (Shift: not now)</source>
        <translation>保持宽高比（Shift：暂不保持）</translation>
    </message>
    <message>
        <source>Interpolation</source>
        <translation>插值</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Hard edges</source>
        <translation>硬边缘</translation>
    </message>
    <message>
        <source>Bilinear</source>
        <translation>两次线性</translation>
    </message>
    <message>
        <source>Bicubic</source>
        <translation>两次立方</translation>
    </message>
    <message>
        <source>Lanczos</source>
        <translation>Lanczos</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Apply (Enter)</source>
        <translation>应用 (Enter)</translation>
    </message>
    <message>
        <source>The layer has changed, so its transform was given up.</source>
        <translation>图层已更改，因此放弃了变换。</translation>
    </message>
    <message>
        <source>Click on a colour to select it. Shift adds to the selection, Alt takes away.</source>
        <translation>单击一种颜色以选择它。Shift 添加到选区，Alt 从选区减去。</translation>
    </message>
    <message>
        <source>How different a colour may be and still belong</source>
        <translation>颜色相差多少仍算在内</translation>
    </message>
    <message>
        <source>Only what hangs together with the place</source>
        <translation>仅限与该处相连的区域</translation>
    </message>
    <message>
        <source>Sample all layers</source>
        <translation>对所有图层取样</translation>
    </message>
    <message>
        <source>A mask cannot be feathered by {0} pixels.</source>
        <translation>蒙版不能羽化 {0} 像素。</translation>
    </message>
    <message>
        <source>Feather layer mask</source>
        <translation>羽化图层蒙版</translation>
    </message>
    <message>
        <source>a recipe has exactly {0} and may have guides and settings</source>
        <translation>配方必须恰好有 {0}，另可有参考线和设置</translation>
    </message>
    <message>
        <source>a recipe&apos;s settings are not too many values by their names</source>
        <translation>配方的设置须为“名称－值”对，且不能过多</translation>
    </message>
    <message>
        <source>a recipe&apos;s setting cannot be {0}</source>
        <translation>配方的设置不能是 {0}</translation>
    </message>
    <message>
        <source>a recipe&apos;s setting {0} is too large</source>
        <translation>配方的设置 {0} 过大</translation>
    </message>
    <message>
        <source>Expanded</source>
        <translation>已扩展</translation>
    </message>
    <message>
        <source>The canvas grows by 0 pixels or more at each side, and by more than 0 at one.</source>
        <translation>画布每边扩展的量须为 0 像素或以上，且至少有一边大于 0。</translation>
    </message>
    <message>
        <source>All layers, as they show, not just this one</source>
        <translation>按显示的样子查看所有图层，而不只是这一个</translation>
    </message>
    <message>
        <source>About Lacuna</source>
        <translation>关于 Lacuna</translation>
    </message>
    <message>
        <source>Retouches photos on your own machine. Nothing leaves it.</source>
        <translation>在您自己的计算机上修饰照片。任何内容都不会离开它。</translation>
    </message>
    <message>
        <source>Made of these parts, under these licences</source>
        <translation>由以下组件构成，依据以下许可证</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>组件</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>This part brings no text of its licence.</source>
        <translation>此组件未附许可证文本。</translation>
    </message>
    <message>
        <source>Sample photograph</source>
        <translation>示例照片</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Split view: drag a line between before and after</source>
        <translation>拆分视图：拖动前后之间的分隔线</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Discard all results (Esc)</source>
        <translation>放弃所有结果 (Esc)</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Keep the result that is shown (Enter)</source>
        <translation>保留显示的结果 (Enter)</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Make {count} more results</source>
        <translation>再生成 {count} 个结果</translation>
    </message>
    <message>
        <source>New colour, and the one from before: click on that to have it back</source>
        <translation>新颜色和之前的颜色：单击后者可恢复</translation>
    </message>
    <message>
        <source>Saturation and value</source>
        <translation>饱和度和明度</translation>
    </message>
    <message>
        <source>Hue</source>
        <translation>色相</translation>
    </message>
    <message>
        <source>Colour as hexadecimal number</source>
        <translation>十六进制颜色值</translation>
    </message>
    <message>
        <source>Hex</source>
        <translation>十六进制</translation>
    </message>
    <message>
        <source>Background colour</source>
        <translation>背景色</translation>
    </message>
    <message>
        <source>Foreground colour</source>
        <translation>前景色</translation>
    </message>
    <message>
        <source>Exchange the colours (X)</source>
        <translation>交换颜色 (X)</translation>
    </message>
    <message>
        <source>Black and white (D)</source>
        <translation>黑白 (D)</translation>
    </message>
    <message>
        <source>The picture was cropped, resized or turned since it was opened, so it cannot be compared.</source>
        <translation>图片打开后经过裁剪、调整大小或旋转，因此无法比较。</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>Line between before and after</source>
        <translation>前后之间的分隔线</translation>
    </message>
    <message>
        <source>Drag to compare. Double click turns the line, Esc ends.</source>
        <translation>拖动以比较。双击转换方向，Esc 结束。</translation>
    </message>
    <message>
        <source>OpenRaster, keeps everything</source>
        <translation>OpenRaster，保留一切</translation>
    </message>
    <message>
        <source>Photoshop, large</source>
        <translation>Photoshop 大型文档</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>With layers</source>
        <translation>含图层</translation>
    </message>
    <message>
        <source>Camera RAW</source>
        <translation>相机 RAW</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>存储为</translation>
    </message>
    <message>
        <source>{name} copy</source>
        <translation>{name} 拷贝</translation>
    </message>
    <message>
        <source>Save a copy</source>
        <translation>存储副本</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>{name} will be one flat picture.</source>
        <translation>{name} 将成为没有图层的单一画面。</translation>
    </message>
    <message>
        <source>{name} will not keep everything.</source>
        <translation>{name} 不会保留所有内容。</translation>
    </message>
    <message>
        <source>What is lost:</source>
        <translation>将会丢失：</translation>
    </message>
    <message>
        <source>Save flat</source>
        <translation>不带图层存储</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>Save as .ora instead</source>
        <translation>改存为 .ora</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>以及另外 {count} 项</translation>
    </message>
    <message>
        <source>{what}: {layers}</source>
        <translation>{what}：{layers}</translation>
    </message>
    <message>
        <source>Saved {name} as one flat picture. Save as .ora to keep the {what}.</source>
        <translation>已将 {name} 存储为一张平面图片。存储为 .ora 可保留{what}。</translation>
    </message>
    <message>
        <source>Saved {name}. This format does not keep {what}.</source>
        <translation>已存储 {name}。此格式不保留{what}。</translation>
    </message>
    <message>
        <source> and </source>
        <translation>和</translation>
    </message>
    <message>
        <source>And {count} more</source>
        <translation>以及另外 {count} 项</translation>
    </message>
    <message>
        <source>Opened {name}. {notes}.</source>
        <translation>已打开 {name}。{notes}。</translation>
    </message>
    <message>
        <source>{count}&#xa0;layers</source>
        <translation>{count}&#xa0;个图层</translation>
    </message>
    <message>
        <source>layer mask</source>
        <translation>图层蒙版</translation>
    </message>
    <message>
        <source>saved selections</source>
        <translation>存储的选区</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Discard what was kept of {name}?</source>
        <translation>要放弃为 {name} 保留的内容吗？</translation>
    </message>
    <message>
        <source>It cannot be recovered afterwards.</source>
        <translation>之后将无法恢复。</translation>
    </message>
    <message>
        <source>{name} is still being worked on.</source>
        <translation>{name} 仍在处理中。</translation>
    </message>
    <message>
        <source>What has been done before stays as it is.</source>
        <translation>之前完成的内容保持不变。</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>停止并关闭</translation>
    </message>
    <message>
        <source>Keep working</source>
        <translation>继续处理</translation>
    </message>
    <message>
        <source>Save the changes to {name}?</source>
        <translation>要存储对 {name} 的更改吗？</translation>
    </message>
    <message>
        <source>What you do not save is lost.</source>
        <translation>未存储的内容会丢失。</translation>
    </message>
    <message>
        <source>There is not enough memory to open {name}.</source>
        <translation>内存不足，无法打开 {name}。</translation>
    </message>
    <message>
        <source>{name} could not be opened: {reason}</source>
        <translation>无法打开 {name}：{reason}</translation>
    </message>
    <message>
        <source>There is not enough memory to save {name}. Nothing was changed.</source>
        <translation>内存不足，无法存储 {name}。没有任何更改。</translation>
    </message>
    <message>
        <source>{name} could not be saved: {reason}. Nothing was changed.</source>
        <translation>无法存储 {name}：{reason}。没有任何更改。</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>剪切</translation>
    </message>
    <message>
        <source>There is nothing to copy on this layer where something is selected.</source>
        <translation>此图层的所选区域中没有可拷贝的内容。</translation>
    </message>
    <message>
        <source>There is no picture on the clipboard.</source>
        <translation>剪贴板中没有图片。</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>处理中</translation>
    </message>
    <message>
        <source>Undoing</source>
        <translation>正在撤销</translation>
    </message>
    <message>
        <source>Redoing</source>
        <translation>正在重做</translation>
    </message>
    <message>
        <source>There is not enough memory for this. Nothing was changed.</source>
        <translation>内存不足，无法执行此操作。没有任何更改。</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>Exported {name}, {size}.</source>
        <translation>已导出 {name}，{size}。</translation>
    </message>
    <message>
        <source>There is not enough memory to export {name}. Make it smaller.</source>
        <translation>内存不足，无法导出 {name}。请缩小图片。</translation>
    </message>
    <message>
        <source>{name} could not be exported: {reason}</source>
        <translation>无法导出 {name}：{reason}</translation>
    </message>
    <message>
        <source>Export {name}</source>
        <translation>导出 {name}</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>Longer side</source>
        <translation>长边</translation>
    </message>
    <message>
        <source>Per cent</source>
        <translation>百分比</translation>
    </message>
    <message>
        <source>Convert to sRGB, for the web</source>
        <translation>转换为 sRGB，用于网络</translation>
    </message>
    <message>
        <source>Keep camera data and copyright</source>
        <translation>保留相机数据和版权信息</translation>
    </message>
    <message>
        <source>16 bits per channel</source>
        <translation>每通道 16 位</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>品质</translation>
    </message>
    <message>
        <source>Size of the file</source>
        <translation>文件大小</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>元数据</translation>
    </message>
    <message>
        <source>{width} × {height} pixels</source>
        <translation>{width} × {height} 像素</translation>
    </message>
    <message>
        <source>Working out the size…</source>
        <translation>正在计算大小…</translation>
    </message>
    <message>
        <source>The file will have {size}.</source>
        <translation>文件大小将为 {size}。</translation>
    </message>
    <message>
        <source>There is not enough memory for this size.</source>
        <translation>内存不足，无法使用此大小。</translation>
    </message>
    <message>
        <source>This cannot be exported: {reason}</source>
        <translation>无法导出：{reason}</translation>
    </message>
    <message>
        <source>There is not enough memory for a picture this large.</source>
        <translation>内存不足，无法创建这么大的图片。</translation>
    </message>
    <message>
        <source>This picture was never saved: there is nothing to go back to.</source>
        <translation>此图片从未存储过，没有可恢复的内容。</translation>
    </message>
    <message>
        <source>A camera RAW file is developed anew: open it again.</source>
        <translation>相机 RAW 文件需重新显影：请再次打开它。</translation>
    </message>
    <message>
        <source>The picture is as it was saved.</source>
        <translation>图片与存储时相同。</translation>
    </message>
    <message>
        <source>{name} is as it was saved. Undo brings your changes back.</source>
        <translation>{name} 已恢复到存储时的样子。撤销可找回您的更改。</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Relative</source>
        <translation>相对</translation>
    </message>
    <message>
        <source>Give what is added; less than nothing takes away</source>
        <translation>填写要增加的量，负数表示减少</translation>
    </message>
    <message>
        <source>Anchor</source>
        <translation>定位</translation>
    </message>
    <message>
        <source>left</source>
        <translation>左</translation>
    </message>
    <message>
        <source>middle</source>
        <translation>中</translation>
    </message>
    <message>
        <source>right</source>
        <translation>右</translation>
    </message>
    <message>
        <source>top</source>
        <translation>上</translation>
    </message>
    <message>
        <source>bottom</source>
        <translation>下</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>It needs a name.</source>
        <translation>需要一个名称。</translation>
    </message>
    <message>
        <source>Replaces the one of this name.</source>
        <translation>将替换同名的一个。</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>载入</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete the saved selection</source>
        <translation>删除存储的选区</translation>
    </message>
    <message>
        <source>As</source>
        <translation>作为</translation>
    </message>
    <message>
        <source>Selection {number}</source>
        <translation>选区 {number}</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Click on an object to select it</source>
        <translation>点击对象即可选中</translation>
    </message>
    <message>
        <source>The picture changed its shape meanwhile. Nothing was selected.</source>
        <translation>图片的形状在此期间已改变。未选择任何内容。</translation>
    </message>
    <message>
        <source>{note} The model for it is not on this machine yet: {title}, {size} MB to fetch, licence {licence}, {use}.</source>
        <translation>{note}所需的模型尚未在本机上：{title}，需下载 {size} MB，许可证 {licence}，{use}。</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>安装</translation>
    </message>
    <message>
        <source>Installing {name}</source>
        <translation>正在安装 {name}</translation>
    </message>
    <message>
        <source>Looking at the picture</source>
        <translation>正在查看图片</translation>
    </message>
    <message>
        <source>Picture: click on colours to select them</source>
        <translation>图片：单击颜色以选择它们</translation>
    </message>
    <message>
        <source>What will be selected</source>
        <translation>将会选择的内容</translation>
    </message>
    <message>
        <source>Click; Shift adds</source>
        <translation>单击；Shift 添加</translation>
    </message>
    <message>
        <source>Selected</source>
        <translation>已选择</translation>
    </message>
    <message>
        <source>Fuzziness</source>
        <translation>颜色容差</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>Black</source>
        <translation>黑色</translation>
    </message>
    <message>
        <source>Middle grey</source>
        <translation>50% 灰色</translation>
    </message>
    <message>
        <source>With</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Resize</source>
        <translation>调整大小</translation>
    </message>
    <message>
        <source>Keep the ratio of width and height</source>
        <translation>保持宽高比</translation>
    </message>
    <message>
        <source>pixels/inch</source>
        <translation>像素/英寸</translation>
    </message>
    <message>
        <source>Resample</source>
        <translation>重新采样</translation>
    </message>
    <message>
        <source>Bicubic (smooth)</source>
        <translation>两次立方（较平滑）</translation>
    </message>
    <message>
        <source>Lanczos (sharp)</source>
        <translation>Lanczos（较锐利）</translation>
    </message>
    <message>
        <source>Average of areas</source>
        <translation>区域平均</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Convert</source>
        <translation>转换</translation>
    </message>
    <message>
        <source>Assign</source>
        <translation>指定</translation>
    </message>
    <message>
        <source>None (taken as sRGB)</source>
        <translation>无（视为 sRGB）</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>从文件…</translation>
    </message>
    <message>
        <source>Relative colorimetric</source>
        <translation>相对比色</translation>
    </message>
    <message>
        <source>Perceptual</source>
        <translation>可感知</translation>
    </message>
    <message>
        <source>Absolute colorimetric</source>
        <translation>绝对比色</translation>
    </message>
    <message>
        <source>Black point compensation</source>
        <translation>黑场补偿</translation>
    </message>
    <message>
        <source>Intent</source>
        <translation>渲染方法</translation>
    </message>
    <message>
        <source>The picture looks the same</source>
        <translation>图片外观保持不变</translation>
    </message>
    <message>
        <source>The colours change their look, and no pixel its value</source>
        <translation>颜色外观改变，像素数值不变</translation>
    </message>
    <message>
        <source>Colour profile</source>
        <translation>颜色配置文件</translation>
    </message>
    <message>
        <source>{name} holds no colour profile.</source>
        <translation>{name} 中没有颜色配置文件。</translation>
    </message>
    <message>
        <source>One that cannot be read</source>
        <translation>无法读取的配置文件</translation>
    </message>
    <message>
        <source>Large enough for all of it</source>
        <translation>足以容纳全部内容</translation>
    </message>
    <message>
        <source>As large as it is</source>
        <translation>保持原大小</translation>
    </message>
    <message>
        <source>Without empty corners</source>
        <translation>不留空角</translation>
    </message>
    <message>
        <source>Canvas</source>
        <translation>画布</translation>
    </message>
    <message>
        <source>Clockwise; less than nothing turns to the left</source>
        <translation>顺时针；负数表示逆时针</translation>
    </message>
    <message>
        <source>Trim</source>
        <translation>裁切</translation>
    </message>
    <message>
        <source>Transparent pixels</source>
        <translation>透明像素</translation>
    </message>
    <message>
        <source>The colour at the top left</source>
        <translation>左上角的颜色</translation>
    </message>
    <message>
        <source>The colour at the bottom right</source>
        <translation>右下角的颜色</translation>
    </message>
    <message>
        <source>Cut off</source>
        <translation>裁去</translation>
    </message>
    <message>
        <source>Grain</source>
        <translation>颗粒</translation>
    </message>
    <message>
        <source>How much of the noise around it a fill is given; 0 % leaves it smooth</source>
        <translation>填充获得多少周围的噪点；0 % 则保持平滑</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>User guide</source>
        <translation>用户指南</translation>
    </message>
    <message>
        <source>Search the guide</source>
        <translation>搜索指南</translation>
    </message>
    <message>
        <source>Topics</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>The guide says nothing of that.</source>
        <translation>指南中没有相关内容。</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Wait until the removal has ended, or stop it with Esc.</source>
        <translation>请等待移除结束，或按 Esc 停止。</translation>
    </message>
    <message>
        <source>{name} is installed.</source>
        <translation>{name} 已安装。</translation>
    </message>
    <message>
        <source>Cancelled. Nothing was installed.</source>
        <translation>已取消。未安装任何内容。</translation>
    </message>
    <message>
        <source>There is not enough memory for this. Nothing was installed.</source>
        <translation>内存不足。未安装任何内容。</translation>
    </message>
    <message>
        <source>Paused. Installing it again goes on with what has come.</source>
        <translation>已暂停。再次安装会从已下载的部分继续。</translation>
    </message>
    <message>
        <source>Enabl&amp;e layer mask</source>
        <translation>启用图层蒙版(&amp;E)</translation>
    </message>
    <message>
        <source>Disabl&amp;e layer mask</source>
        <translation>停用图层蒙版(&amp;E)</translation>
    </message>
    <message>
        <source>M&amp;erge group</source>
        <translation>合并组(&amp;E)</translation>
    </message>
    <message>
        <source>M&amp;erge down</source>
        <translation>向下合并(&amp;E)</translation>
    </message>
    <message>
        <source>Feather mask</source>
        <translation>羽化蒙版</translation>
    </message>
    <message>
        <source>Layer {number}</source>
        <translation>图层 {number}</translation>
    </message>
    <message>
        <source>Finding lines</source>
        <translation>查找线条</translation>
    </message>
    <message>
        <source>The picture changed its shape meanwhile. No line was added.</source>
        <translation>图片的形状在此期间已改变。未添加线条。</translation>
    </message>
    <message>
        <source>No other line leads into what is selected.</source>
        <translation>没有其他线条通向所选区域。</translation>
    </message>
    <message>
        <source>{followed} of {count} lines are on. Drag their ends; double-click turns one on or off.</source>
        <translation>{count} 条线中有 {followed} 条已启用。可拖动端点；双击可启用或停用一条。</translation>
    </message>
    <message>
        <source>Cut out what is selected</source>
        <translation>剪切所选内容</translation>
    </message>
    <message>
        <source>Copy what is selected of the layer</source>
        <translation>拷贝图层中的所选内容</translation>
    </message>
    <message>
        <source>Copy what is selected of all layers</source>
        <translation>拷贝所有图层中的所选内容</translation>
    </message>
    <message>
        <source>Paste as a new layer</source>
        <translation>粘贴为新图层</translation>
    </message>
    <message>
        <source>Paste where it was copied</source>
        <translation>粘贴到原来的位置</translation>
    </message>
    <message>
        <source>Fill with the foreground colour</source>
        <translation>用前景色填充</translation>
    </message>
    <message>
        <source>Fill with the background colour</source>
        <translation>用背景色填充</translation>
    </message>
    <message>
        <source>Cu&amp;t</source>
        <translation>剪切(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>拷贝(&amp;C)</translation>
    </message>
    <message>
        <source>Copy &amp;merged</source>
        <translation>合并拷贝(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>粘贴(&amp;P)</translation>
    </message>
    <message>
        <source>Paste in p&amp;lace</source>
        <translation>原位粘贴(&amp;L)</translation>
    </message>
    <message>
        <source>Cl&amp;ear</source>
        <translation>清除(&amp;E)</translation>
    </message>
    <message>
        <source>Clear what is selected; with nothing selected, delete the layer</source>
        <translation>清除所选内容；未选择内容时删除图层</translation>
    </message>
    <message>
        <source>F&amp;ill…</source>
        <translation>填充(&amp;I)…</translation>
    </message>
    <message>
        <source>Fill the layer, or what is selected</source>
        <translation>填充图层或所选内容</translation>
    </message>
    <message>
        <source>Fill with &amp;background</source>
        <translation>填充背景色(&amp;B)</translation>
    </message>
    <message>
        <source>M&amp;odels…</source>
        <translation>模型(&amp;O)…</translation>
    </message>
    <message>
        <source>See which models there are, get them, and add your own</source>
        <translation>查看有哪些模型，获取模型，或添加您自己的模型</translation>
    </message>
    <message>
        <source>Fill what is selected with what you describe</source>
        <translation>用您描述的内容填充所选区域</translation>
    </message>
    <message>
        <source>Fill with &amp;words…</source>
        <translation>按文字描述填充(&amp;W)…</translation>
    </message>
    <message>
        <source>E&amp;xpand with words…</source>
        <translation>按文字描述扩展(&amp;X)…</translation>
    </message>
    <message>
        <source>Make the picture larger, and paint what is new</source>
        <translation>放大画布，并绘制新增部分</translation>
    </message>
    <message>
        <source>Make &amp;variations</source>
        <translation>制作多个结果(&amp;V)</translation>
    </message>
    <message>
        <source>Remove what is selected in several ways, and choose</source>
        <translation>以多种方式移除所选内容，再从中选择</translation>
    </message>
    <message>
        <source>&amp;Find lines</source>
        <translation>查找线条(&amp;F)</translation>
    </message>
    <message>
        <source>Find the lines that lead into what is selected; Remove follows them</source>
        <translation>查找通向所选区域的线条；移除时会沿着它们填充</translation>
    </message>
    <message>
        <source>&amp;Change fill…</source>
        <translation>更改填充(&amp;C)…</translation>
    </message>
    <message>
        <source>Three steps to a first removal</source>
        <translation>三步完成第一次移除</translation>
    </message>
    <message>
        <source>&amp;User guide</source>
        <translation>用户指南(&amp;U)</translation>
    </message>
    <message>
        <source>How to do it, in ten tasks</source>
        <translation>通过十项任务了解用法</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>键盘快捷键(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;First-run tour</source>
        <translation>新手导览(&amp;F)</translation>
    </message>
    <message>
        <source>Make the picture larger or smaller</source>
        <translation>放大或缩小图片</translation>
    </message>
    <message>
        <source>Cut the picture to what is selected</source>
        <translation>按所选内容裁剪图片</translation>
    </message>
    <message>
        <source>Cut off edges with nothing on them</source>
        <translation>裁去没有内容的边缘</translation>
    </message>
    <message>
        <source>Make room for all that layers have beyond the canvas</source>
        <translation>扩大画布以容纳图层在画布之外的全部内容</translation>
    </message>
    <message>
        <source>Change the colours so that they look the same in another profile</source>
        <translation>转换颜色，使其在另一个配置文件中外观相同</translation>
    </message>
    <message>
        <source>Turn the picture by any angle</source>
        <translation>以任意角度旋转图片</translation>
    </message>
    <message>
        <source>&amp;Assign profile…</source>
        <translation>指定配置文件(&amp;A)…</translation>
    </message>
    <message>
        <source>Say what the colours mean, without changing them</source>
        <translation>指定颜色的含义，而不改变数值</translation>
    </message>
    <message>
        <source>&amp;Convert to profile…</source>
        <translation>转换为配置文件(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Image size…</source>
        <translation>图像大小(&amp;I)…</translation>
    </message>
    <message>
        <source>Canvas &amp;size…</source>
        <translation>画布大小(&amp;S)…</translation>
    </message>
    <message>
        <source>Room around the picture, or less</source>
        <translation>增加或减少图片四周的空间</translation>
    </message>
    <message>
        <source>&amp;Crop to selection</source>
        <translation>裁剪到选区(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Trim…</source>
        <translation>裁切(&amp;T)…</translation>
    </message>
    <message>
        <source>Re&amp;veal all</source>
        <translation>显示全部(&amp;V)</translation>
    </message>
    <message>
        <source>R&amp;otate</source>
        <translation>旋转(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;By an angle…</source>
        <translation>任意角度(&amp;B)…</translation>
    </message>
    <message>
        <source>Soften the edges of the mask</source>
        <translation>柔化蒙版的边缘</translation>
    </message>
    <message>
        <source>&amp;View layer mask</source>
        <translation>查看图层蒙版(&amp;V)</translation>
    </message>
    <message>
        <source>See the mask alone, in grey (Alt+click on the mask)</source>
        <translation>单独以灰度查看蒙版（Alt+单击蒙版）</translation>
    </message>
    <message>
        <source>&amp;Feather mask…</source>
        <translation>羽化蒙版(&amp;F)…</translation>
    </message>
    <message>
        <source>Appl&amp;y layer mask</source>
        <translation>应用图层蒙版(&amp;Y)</translation>
    </message>
    <message>
        <source>Choose the layer ab&amp;ove</source>
        <translation>选择上方图层(&amp;O)</translation>
    </message>
    <message>
        <source>Select what the photograph is of</source>
        <translation>选中照片的主体</translation>
    </message>
    <message>
        <source>Select what was last deselected</source>
        <translation>重新选择上次取消的选区</translation>
    </message>
    <message>
        <source>Select by colours or tones</source>
        <translation>按颜色或色调选择</translation>
    </message>
    <message>
        <source>Take in what is next to it and alike</source>
        <translation>纳入相邻且相近的部分</translation>
    </message>
    <message>
        <source>Take in what is coloured like the selection</source>
        <translation>纳入与选区颜色相近的部分</translation>
    </message>
    <message>
        <source>Keep the selection in the picture under a name</source>
        <translation>以名称将选区保存在图片中</translation>
    </message>
    <message>
        <source>Select what was saved under a name</source>
        <translation>选择以名称存储的选区</translation>
    </message>
    <message>
        <source>Select a band along the edge</source>
        <translation>选择沿边缘的带状区域</translation>
    </message>
    <message>
        <source>&amp;Reselect</source>
        <translation>重新选择(&amp;R)</translation>
    </message>
    <message>
        <source>Sub&amp;ject</source>
        <translation>主体(&amp;J)</translation>
    </message>
    <message>
        <source>&amp;Colour range…</source>
        <translation>色彩范围(&amp;C)…</translation>
    </message>
    <message>
        <source>Gr&amp;ow by colour</source>
        <translation>扩大选取(&amp;O)</translation>
    </message>
    <message>
        <source>Si&amp;milar</source>
        <translation>选取相似(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Edge</source>
        <translation>修改(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Border…</source>
        <translation>边界(&amp;B)…</translation>
    </message>
    <message>
        <source>S&amp;mooth…</source>
        <translation>平滑(&amp;M)…</translation>
    </message>
    <message>
        <source>Round off corners, and drop specks</source>
        <translation>磨圆转角并去除斑点</translation>
    </message>
    <message>
        <source>Sa&amp;ve selection…</source>
        <translation>存储选区(&amp;V)…</translation>
    </message>
    <message>
        <source>&amp;Load selection…</source>
        <translation>载入选区(&amp;L)…</translation>
    </message>
    <message>
        <source>Selection and li&amp;nes</source>
        <translation>选区和线条(&amp;N)</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Add a file…</source>
        <translation>添加文件…</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>A model that you have; it is recognised by what is in it</source>
        <translation>您已有的模型；会根据其内容识别</translation>
    </message>
    <message>
        <source>or drop it here</source>
        <translation>或将其拖放到这里</translation>
    </message>
    <message>
        <source>Add models</source>
        <translation>添加模型</translation>
    </message>
    <message>
        <source>Add a diffusers folder</source>
        <translation>添加 diffusers 文件夹</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Adding</source>
        <translation>正在添加</translation>
    </message>
    <message>
        <source>Adding {name}</source>
        <translation>正在添加 {name}</translation>
    </message>
    <message>
        <source>Drop a model here: it is recognised by what is in it</source>
        <translation>将模型拖放到这里：会根据其内容识别</translation>
    </message>
    <message>
        <source>Selecting</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Filling with words</source>
        <translation>按文字描述填充</translation>
    </message>
    <message>
        <source>Install the one that is listed, or add one that you have: Stable Diffusion 1.5, SDXL, FLUX Fill or FLUX.2 klein, as a .safetensors file or a diffusers folder. Those that are made to fill do it best.</source>
        <translation>请安装列出的模型，或添加您已有的模型：Stable Diffusion 1.5、SDXL、FLUX Fill 或 FLUX.2 klein，可以是 .safetensors 文件或 diffusers 文件夹。专为填充制作的模型效果最好。</translation>
    </message>
    <message>
        <source>Looking at what is there…</source>
        <translation>正在查看已有的模型…</translation>
    </message>
    <message>
        <source>{count} other files that {name} can use</source>
        <translation>{name} 可用的另外 {count} 个文件</translation>
    </message>
    <message>
        <source>A network of yours that enlarges.</source>
        <translation>您自己的放大网络。</translation>
    </message>
    <message>
        <source>Comfortable</source>
        <translation>充裕</translation>
    </message>
    <message>
        <source>Tight</source>
        <translation>勉强</translation>
    </message>
    <message>
        <source>Slow</source>
        <translation>较慢</translation>
    </message>
    <message>
        <source>Too large</source>
        <translation>过大</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>Damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Not installed</source>
        <translation>未安装</translation>
    </message>
    <message>
        <source>Bring your own</source>
        <translation>需自备</translation>
    </message>
    <message>
        <source>From a package</source>
        <translation>来自软件包</translation>
    </message>
    <message>
        <source>Not used</source>
        <translation>未使用</translation>
    </message>
    <message>
        <source>FLUX.2 klein</source>
        <translation>FLUX.2 klein</translation>
    </message>
    <message>
        <source>Comes with Lacuna</source>
        <translation>随 Lacuna 提供</translation>
    </message>
    <message>
        <source>There is not enough memory for this.</source>
        <translation>内存不足，无法执行此操作。</translation>
    </message>
    <message>
        <source>It is damaged or was changed, so it is not used. Install Lacuna again to restore it.</source>
        <translation>它已损坏或被更改，因此未使用。请重新安装 Lacuna 以恢复。</translation>
    </message>
    <message>
        <source>It is damaged or was changed, so it is not used.</source>
        <translation>它已损坏或被更改，因此未使用。</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} 小时 {minutes} 分钟</translation>
    </message>
    <message>
        <source>As its authors say</source>
        <translation>以作者说明为准</translation>
    </message>
    <message>
        <source>No written licence</source>
        <translation>没有书面许可证</translation>
    </message>
    <message>
        <source>see where you had it</source>
        <translation>请查看获取来源处的说明</translation>
    </message>
    <message>
        <source>within its limits of use</source>
        <translation>在其使用限制之内</translation>
    </message>
    <message>
        <source>made to fill</source>
        <translation>专为填充制作</translation>
    </message>
    <message>
        <source>made to paint, fills as well</source>
        <translation>为绘画制作，也可填充</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>single file</source>
        <translation>单个文件</translation>
    </message>
    <message>
        <source>{size} to fetch. Licence: {licence}, {use}.</source>
        <translation>需下载 {size}。许可证：{licence}，{use}。</translation>
    </message>
    <message>
        <source>{name} is not free for every use</source>
        <translation>{name} 并非可自由用于任何用途</translation>
    </message>
    <message>
        <source>Accept and install</source>
        <translation>接受并安装</translation>
    </message>
    <message>
        <source>Lacuna cannot fetch this model by itself. If you have its files, choose them, whatever they are called: they are recognised by what is in them.</source>
        <translation>Lacuna 无法自行下载此模型。如果您有它的文件，请选择它们，文件名不限：会根据其内容识别。</translation>
    </message>
    <message>
        <source>What to look for:</source>
        <translation>需要寻找的文件：</translation>
    </message>
    <message>
        <source>Bring your own: {name}</source>
        <translation>自备模型：{name}</translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>{size} have come so far and would have to be fetched again.</source>
        <translation>目前已下载 {size}，之后需要重新下载。</translation>
    </message>
    <message>
        <source>This frees {size}. It can be fetched again at any time.</source>
        <translation>这会释放 {size}。随时可以重新下载。</translation>
    </message>
    <message>
        <source>This frees {size}. Lacuna cannot fetch it: keep a copy if you may want it again.</source>
        <translation>这会释放 {size}。Lacuna 无法下载它：如果以后可能还需要，请保留一份副本。</translation>
    </message>
    <message>
        <source>Remove {name}?</source>
        <translation>要移除 {name} 吗？</translation>
    </message>
    <message>
        <source>Its licence does not allow every use. Read it where the model was published.</source>
        <translation>其许可证并不允许所有用途。请在模型的发布处阅读。</translation>
    </message>
    <message>
        <source>It does not come with Lacuna, and is fetched only because you ask for it, from:</source>
        <translation>它不随 Lacuna 提供，仅应您的要求从以下来源下载：</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>正在下载</translation>
    </message>
    <message>
        <source>Paused at {share} %</source>
        <translation>已暂停，完成 {share} %</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Bring your own…</source>
        <translation>自备…</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>Add it again…</source>
        <translation>重新添加…</translation>
    </message>
    <message>
        <source>Check that it is whole</source>
        <translation>检查完整性</translation>
    </message>
    <message>
        <source>Show in its folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Discard what has come…</source>
        <translation>放弃已下载的部分…</translation>
    </message>
    <message>
        <source>More for {name}</source>
        <translation>{name} 的更多操作</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Checking what has come</source>
        <translation>正在检查已下载的内容</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done}/{total}</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size}/秒</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>还剩 {time}</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Choose another…</source>
        <translation>选择其他文件夹…</translation>
    </message>
    <message>
        <source>Usual place</source>
        <translation>默认位置</translation>
    </message>
    <message>
        <source>Keep models where Lacuna keeps them by itself</source>
        <translation>将模型保存在 Lacuna 的默认位置</translation>
    </message>
    <message>
        <source>{used} used, {free} free</source>
        <translation>已用 {used}，可用 {free}</translation>
    </message>
    <message>
        <source>A folder on another disk, or one that you carry to another machine</source>
        <translation>另一个磁盘上的文件夹，或可带到另一台计算机的文件夹</translation>
    </message>
    <message>
        <source>LACUNA_DATA_DIR says where models are kept</source>
        <translation>模型的保存位置由 LACUNA_DATA_DIR 决定</translation>
    </message>
    <message>
        <source>Not while models come or go</source>
        <translation>正在添加或移除模型时无法更改</translation>
    </message>
    <message>
        <source>Choose a folder for models</source>
        <translation>选择存放模型的文件夹</translation>
    </message>
    <message>
        <source>Nothing can be written into {name}. Choose another folder.</source>
        <translation>无法写入 {name}。请选择其他文件夹。</translation>
    </message>
    <message>
        <source>This could not be kept for the next start.</source>
        <translation>无法保留此设置供下次启动时使用。</translation>
    </message>
    <message>
        <source>Models are kept there from now on. Those in the old folder stay.</source>
        <translation>今后模型将保存在该处。原文件夹中的模型保持不动。</translation>
    </message>
    <message>
        <source>{name} is whole.</source>
        <translation>{name} 完好无损。</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>正在检查</translation>
    </message>
    <message>
        <source>{name} was removed.</source>
        <translation>已移除 {name}。</translation>
    </message>
    <message>
        <source>{name} was removed. {size} are free again.</source>
        <translation>已移除 {name}。释放了 {size}。</translation>
    </message>
    <message>
        <source>{name} was not added.</source>
        <translation>未添加 {name}。</translation>
    </message>
    <message>
        <source>{file} was added. It can fill with words now.</source>
        <translation>已添加 {file}。现在可用它按文字描述填充。</translation>
    </message>
    <message>
        <source>More options</source>
        <translation>更多选项</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Run sooner</source>
        <translation>提前运行</translation>
    </message>
    <message>
        <source>None needed</source>
        <translation>无需模型</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>在本机上</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Press a shortcut</source>
        <translation>按下快捷键</translation>
    </message>
    <message>
        <source>Develop {name}</source>
        <translation>显影 {name}</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Developing…</source>
        <translation>正在显影…</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Lacuna was closed before this picture was saved.</source>
        <translation>Lacuna 关闭时，这张图片尚未存储。</translation>
    </message>
    <message>
        <source>Lacuna was closed before these pictures were saved.</source>
        <translation>Lacuna 关闭时，这些图片尚未存储。</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>以后</translation>
    </message>
    <message>
        <source>Discard {name}</source>
        <translation>放弃 {name}</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Recover {name}</source>
        <translation>恢复 {name}</translation>
    </message>
    <message>
        <source>cannot be recovered: {reason}</source>
        <translation>无法恢复：{reason}</translation>
    </message>
    <message>
        <source>1 step</source>
        <translation>1 步</translation>
    </message>
    <message>
        <source>{count} steps</source>
        <translation>{count} 步</translation>
    </message>
    <message>
        <source>saved, {steps} can be undone</source>
        <translation>已存储，可撤销{steps}</translation>
    </message>
    <message>
        <source>today {clock}</source>
        <translation>今天 {clock}</translation>
    </message>
    <message>
        <source>yesterday {clock}</source>
        <translation>昨天 {clock}</translation>
    </message>
    <message>
        <source>d MMMM yyyy</source>
        <translation>yyyy年M月d日</translation>
    </message>
    <message>
        <source>The fill “{name}” is no longer in the picture.</source>
        <translation>填充“{name}”已不在图片中。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Another seed is another fill; the same seed is the same fill again.</source>
        <translation>种子不同，填充也不同；种子相同，填充也相同。</translation>
    </message>
    <message>
        <source>Variations</source>
        <translation>多个结果</translation>
    </message>
    <message>
        <source>Make several to choose from (Ctrl+Enter)</source>
        <translation>生成多个结果以供选择 (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>Run again</source>
        <translation>重新运行</translation>
    </message>
    <message>
        <source>Make the fill anew (Enter)</source>
        <translation>重新填充 (Enter)</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Leave the fill as it is (Esc)</source>
        <translation>保持填充不变 (Esc)</translation>
    </message>
    <message>
        <source>Changing the fill “{name}”: change the selection, engine or seed, then run again.</source>
        <translation>正在更改填充“{name}”：更改选区、引擎或种子，然后重新运行。</translation>
    </message>
    <message>
        <source>{count} results</source>
        <translation>{count} 个结果</translation>
    </message>
    <message>
        <source>Wait until the results are there, and keep or discard them first.</source>
        <translation>请等待结果生成，并先保留或放弃它们。</translation>
    </message>
    <message>
        <source>This version of Lacuna has no engine “{engine}”. Another one is chosen.</source>
        <translation>此版本的 Lacuna 没有引擎“{engine}”。已选用其他引擎。</translation>
    </message>
    <message>
        <source>Radius</source>
        <translation>半径</translation>
    </message>
    <message>
        <source>Engines</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>One engine runs on</source>
        <translation>单个引擎运行于</translation>
    </message>
    <message>
        <source>For an engine that does better elsewhere than the others.</source>
        <translation>适用于在其他设备上表现更好的引擎。</translation>
    </message>
    <message>
        <source>Engines in memory</source>
        <translation>内存中的引擎</translation>
    </message>
    <message>
        <source>What the machine can spare</source>
        <translation>本机可腾出的内存</translation>
    </message>
    <message>
        <source>What is kept ready starts at once. One that was not used for some minutes goes by itself.</source>
        <translation>保持就绪的引擎可立即启动。几分钟未使用的引擎会自动移出内存。</translation>
    </message>
    <message>
        <source>Like the others</source>
        <translation>与其他引擎相同</translation>
    </message>
    <message>
        <source>What that engine runs on</source>
        <translation>该引擎的运行设备</translation>
    </message>
    <message>
        <source>For models that you have fetched, if your network asks for one. Nothing else is ever fetched.</source>
        <translation>用于下载您所要的模型（如果您的网络需要代理）。绝不会下载其他任何内容。</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>A proxy looks like http://proxy.example:8080. The one before is kept.</source>
        <translation>代理的格式类似 http://proxy.example:8080。保留之前的代理。</translation>
    </message>
    <message>
        <source>Working …</source>
        <translation>处理中…</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Saving {name} …</source>
        <translation>正在存储 {name}…</translation>
    </message>
    <message>
        <source>No selection was saved in this picture yet.</source>
        <translation>此图片中还没有存储过选区。</translation>
    </message>
    <message>
        <source>or drop a picture here</source>
        <translation>或将图片拖放到这里</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>最近</translation>
    </message>
    <message>
        <source>Open {name}</source>
        <translation>打开 {name}</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Make it (Enter)</source>
        <translation>生成（回车）</translation>
    </message>
    <message>
        <source>Another seed</source>
        <translation>换一个种子</translation>
    </message>
    <message>
        <source>Make another fill of the same words</source>
        <translation>用相同文字再生成一个填充</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭（Esc）</translation>
    </message>
    <message>
        <source>How many are made to choose from</source>
        <translation>生成多少个供选择</translation>
    </message>
    <message>
        <source>Faithful</source>
        <translation>忠实</translation>
    </message>
    <message>
        <source>How far it may leave the colours that you painted: less is faithful, more is realistic</source>
        <translation>可偏离您所绘颜色的程度：越小越忠实，越大越逼真</translation>
    </message>
    <message>
        <source>Realistic</source>
        <translation>逼真</translation>
    </message>
    <message>
        <source>The model “{name}” is not on this machine any more. Another one is chosen.</source>
        <translation>模型“{name}”已不在本机上，已改选另一个。</translation>
    </message>
    <message>
        <source>Changing the fill “{name}”</source>
        <translation>正在更改填充“{name}”</translation>
    </message>
    <message>
        <source>What is to be there</source>
        <translation>此处应有的内容</translation>
    </message>
    <message>
        <source>Nothing is selected yet. Brush over what is to be filled, then say with what.</source>
        <translation>尚未选择任何内容。请涂抹要填充的部分，然后说明填充什么。</translation>
    </message>
    <message>
        <source>Say at which side the picture is to grow, and by how much.</source>
        <translation>请说明图片向哪一侧扩展以及扩展多少。</translation>
    </message>
    <message>
        <source>Expanding</source>
        <translation>正在扩展</translation>
    </message>
    <message>
        <source>Stable Diffusion 1.5</source>
        <translation>Stable Diffusion 1.5</translation>
    </message>
    <message>
        <source>Stable Diffusion XL</source>
        <translation>Stable Diffusion XL</translation>
    </message>
    <message>
        <source>Diffusion models</source>
        <translation>扩散模型</translation>
    </message>
    <message>
        <source>Choose a diffusion model</source>
        <translation>选择扩散模型</translation>
    </message>
    <message>
        <source>{family}, made for filling</source>
        <translation>{family}，专为填充制作</translation>
    </message>
    <message>
        <source>{family}, for any picture</source>
        <translation>{family}，适用于任何图片</translation>
    </message>
    <message>
        <source>Not to be seen</source>
        <translation>不应出现</translation>
    </message>
    <message>
        <source>Nothing in particular</source>
        <translation>无特别要求</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>From noise to picture; more take longer and are cleaner</source>
        <translation>从噪点到图片；步数越多耗时越长，画面越干净</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>How little of what is there now shows through</source>
        <translation>现有内容透出的程度，越强越少</translation>
    </message>
    <message>
        <source>How closely the words are followed</source>
        <translation>遵循文字描述的紧密程度</translation>
    </message>
    <message>
        <source>Get it ({size})</source>
        <translation>获取（{size}）</translation>
    </message>
    <message>
        <source>Fetch it once, check it, and keep it on this machine</source>
        <translation>下载一次，校验后保存在本机</translation>
    </message>
    <message>
        <source>A model that you have: a .safetensors file, or a folder of diffusers</source>
        <translation>您已有的模型：.safetensors 文件或 diffusers 文件夹</translation>
    </message>
    <message>
        <source>Use engines of packages that I have installed</source>
        <translation>使用我安装的软件包中的引擎</translation>
    </message>
    <message>
        <source>A plug-in is a program: it may do whatever you may. The list of models names those there are.</source>
        <translation>插件是程序：您能做的它都能做。模型列表会列出已有的插件。</translation>
    </message>
    <message>
        <source>Plug-ins</source>
        <translation>插件</translation>
    </message>
    <message>
        <source>How it is made: steps, strength and seed, styles, lines to follow, LoRAs</source>
        <translation>如何生成：步数、强度和种子，风格，要遵循的线条，LoRA</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Weight of {name}</source>
        <translation>{name} 的权重</translation>
    </message>
    <message>
        <source>It is not on this machine any more.</source>
        <translation>它已不在本机上。</translation>
    </message>
    <message>
        <source>No LoRA is here yet. Put files into the folder “loras” of the models, or add one.</source>
        <translation>这里还没有 LoRA。请将文件放入模型的“loras”文件夹，或在此添加。</translation>
    </message>
    <message>
        <source>Following lines needs a ControlNet. Get one for scribble, lineart or softedge that fits the model, put it into the folder “controlnets” of the models, or add it here.</source>
        <translation>遵循线条需要 ControlNet。请获取适合该模型的 scribble、lineart 或 softedge，放入模型的“controlnets”文件夹，或在此添加。</translation>
    </message>
    <message>
        <source>There are no lines to follow. Draw some with the Sketch pen (P) or the Line tool (U).</source>
        <translation>没有可遵循的线条。请用草图笔（P）或直线工具（U）画一些。</translation>
    </message>
    <message>
        <source>Followed: strokes of the sketch: {ink}, structure lines: {lines}.</source>
        <translation>将遵循：草图笔画 {ink} 条，结构线 {lines} 条。</translation>
    </message>
    <message>
        <source>Making</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Follow my sketch</source>
        <translation>遵循我的草图</translation>
    </message>
    <message>
        <source>LoRAs</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>LoRAs and ControlNets</source>
        <translation>LoRA 与 ControlNet</translation>
    </message>
    <message>
        <source>Choose a LoRA or a ControlNet</source>
        <translation>选择 LoRA 或 ControlNet</translation>
    </message>
    <message>
        <source>Euler</source>
        <translation>Euler</translation>
    </message>
    <message>
        <source>DPM++ 2M Karras</source>
        <translation>DPM++ 2M Karras</translation>
    </message>
    <message>
        <source>Calm contrast</source>
        <translation>缓和对比</translation>
    </message>
    <message>
        <source>Takes back the harsh contrast that following the words closely brings</source>
        <translation>减轻紧密遵循文字带来的生硬对比</translation>
    </message>
    <message>
        <source>Second pass</source>
        <translation>第二遍</translation>
    </message>
    <message>
        <source>A second pass with more detail over what is larger than the model sees; 0 makes none</source>
        <translation>对超出模型视野的部分再做一遍更细的生成；0 为不做</translation>
    </message>
    <message>
        <source>Few steps</source>
        <translation>少步数</translation>
    </message>
    <message>
        <source>For models and LoRAs that were made to need few steps</source>
        <translation>用于专为少步数制作的模型和 LoRA</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>采样器</translation>
    </message>
    <message>
        <source>By which rule noise becomes a picture</source>
        <translation>噪点按何种规则变成图片</translation>
    </message>
    <message>
        <source>As usual</source>
        <translation>照常</translation>
    </message>
    <message>
        <source>commercial use allowed</source>
        <translation>允许商业用途</translation>
    </message>
    <message>
        <source>{title}: {size} to fetch, licence {licence}, {use}.</source>
        <translation>{title}：需下载 {size}，许可证 {licence}，{use}。</translation>
    </message>
    <message>
        <source>Words that are added to yours</source>
        <translation>附加到您文字上的词语</translation>
    </message>
    <message>
        <source>New style</source>
        <translation>新建风格</translation>
    </message>
    <message>
        <source>Delete style</source>
        <translation>删除风格</translation>
    </message>
    <message>
        <source>Added words</source>
        <translation>附加词语</translation>
    </message>
    <message>
        <source>Where {prompt} stands in them, your own words go; else they come after</source>
        <translation>其中 {prompt} 处放您自己的文字；否则附加在其后</translation>
    </message>
    <message>
        <source>Lists of words…</source>
        <translation>词表…</translation>
    </message>
    <message>
        <source>Open the folder where they are: text files with one choice to a line</source>
        <translation>打开其所在文件夹：每行一个选项的文本文件</translation>
    </message>
    <message>
        <source>In your words {red|green} is one of these, and __name__ a line of the list name.txt.</source>
        <translation>在您的文字中，{red|green} 取其中之一，__name__ 取词表 name.txt 中的一行。</translation>
    </message>
    <message>
        <source>Lists here: {names}</source>
        <translation>已有词表：{names}</translation>
    </message>
    <message>
        <source>Back to how it was</source>
        <translation>恢复原样</translation>
    </message>
    <message>
        <source>My style</source>
        <translation>我的风格</translation>
    </message>
    <message>
        <source>Expand</source>
        <translation>扩展</translation>
    </message>
    <message>
        <source>Paint to photo</source>
        <translation>绘画转照片</translation>
    </message>
    <message>
        <source>Make photo</source>
        <translation>生成照片</translation>
    </message>
    <message>
        <source>What you have painted</source>
        <translation>您所绘的内容</translation>
    </message>
    <message>
        <source>From reference</source>
        <translation>参照现有内容</translation>
    </message>
    <message>
        <source>What looks like what is selected</source>
        <translation>与所选内容相似的内容</translation>
    </message>
    <message>
        <source>Soft change</source>
        <translation>柔和更改</translation>
    </message>
    <message>
        <source>What it is to become</source>
        <translation>应变成什么</translation>
    </message>
    <message>
        <source>Fill, resampled</source>
        <translation>填充（重采样）</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>What is selected is the reference: loose keeps its large colours, close its shapes too</source>
        <translation>所选内容即参照：宽松保留大块颜色，紧密也保留形状</translation>
    </message>
    <message>
        <source>Loose</source>
        <translation>宽松</translation>
    </message>
    <message>
        <source>Steps back</source>
        <translation>回退步数</translation>
    </message>
    <message>
        <source>How many steps are gone over again at a time</source>
        <translation>每次重走多少步</translation>
    </message>
    <message>
        <source>Repeats</source>
        <translation>重复次数</translation>
    </message>
    <message>
        <source>How often: more fit in better, and each takes as long again</source>
        <translation>次数：越多越融合，每次都要同样长的时间</translation>
    </message>
    <message>
        <source>Where more is selected, more changes. Soften it with Select › Feather or a soft brush.</source>
        <translation>选得越多，变化越大。可用“选择 › 羽化”或软画笔柔化。</translation>
    </message>
    <message>
        <source>Which models there are, and what more can be had</source>
        <translation>有哪些模型，以及还能获得什么</translation>
    </message>
    <message>
        <source>removing</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>finding lines</source>
        <translation>查找线条</translation>
    </message>
    <message>
        <source>selecting objects</source>
        <translation>选择对象</translation>
    </message>
    <message>
        <source>filling with words</source>
        <translation>按文字描述填充</translation>
    </message>
    <message>
        <source>Ready, without a network: {tasks}.</source>
        <translation>无需网络即可使用：{tasks}。</translation>
    </message>
    <message>
        <source>No engine is ready.</source>
        <translation>没有就绪的引擎。</translation>
    </message>
    <message>
        <source>The face is changed. Ctrl+Z brings it back.</source>
        <translation>人脸已改变。Ctrl+Z 可恢复。</translation>
    </message>
    <message>
        <source>Filled. Ctrl+Z brings it back.</source>
        <translation>已填充。按 Ctrl+Z 可恢复。</translation>
    </message>
    <message>
        <source>Something went wrong, and the last step may be unfinished. Your work is still here.</source>
        <translation>出了问题，最后一步可能未完成。您的工作仍在这里。</translation>
    </message>
    <message>
        <source>Show report</source>
        <translation>显示报告</translation>
    </message>
    <message>
        <source>Lacuna stopped unexpectedly the last time.</source>
        <translation>Lacuna 上次意外停止。</translation>
    </message>
    <message>
        <source>Reports of problems</source>
        <translation>问题报告</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Show the folder</source>
        <translation>显示文件夹</translation>
    </message>
    <message>
        <source>Delete all</source>
        <translation>全部删除</translation>
    </message>
    <message>
        <source>It lies on this machine only; nothing was sent. It holds no picture. Pass it on if you like.</source>
        <translation>它只在本机上，没有发送任何内容，也不含图片。您可以自行转交。</translation>
    </message>
    <message>
        <source>Nothing went wrong so far.</source>
        <translation>到目前为止没有出现问题。</translation>
    </message>
    <message>
        <source>{number} min left</source>
        <translation>还剩 {number} 分钟</translation>
    </message>
    <message>
        <source>{number} s left</source>
        <translation>还剩 {number} 秒</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Open a picture first, or try the sample.</source>
        <translation>请先打开一张图片，或试用示例。</translation>
    </message>
    <message>
        <source>no key</source>
        <translation>无按键</translation>
    </message>
    <message>
        <source>Take the Remove brush ({letter}) and paint over it, its shadow too. {smaller} and {larger} change the size.</source>
        <translation>使用移除画笔（{letter}）涂抹它，包括它的影子。{smaller} 和 {larger} 更改大小。</translation>
    </message>
    <message>
        <source>Look around</source>
        <translation>四处看看</translation>
    </message>
    <message>
        <source>The wheel zooms where the pointer is, Space and a drag move the picture. {fit} shows it whole.</source>
        <translation>滚轮在指针处缩放，按住空格键拖动可移动图片。{fit} 显示整张图片。</translation>
    </message>
    <message>
        <source>Press Enter, or this button. The result is a layer of its own, and {undo} brings everything back. {palette} finds every command, {help} opens the guide.</source>
        <translation>按 Enter 键或此按钮。结果是独立的图层，{undo} 可恢复一切。{palette} 可找到所有命令，{help} 打开指南。</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number}/{count}</translation>
    </message>
    <message>
        <source>S&amp;kip</source>
        <translation>跳过(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>完成(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>下一步(&amp;N)</translation>
    </message>
    <message>
        <source>Filling, step {step} of {steps}</source>
        <translation>正在填充，第 {step} 步，共 {steps} 步</translation>
    </message>
    <message>
        <source>Filling, {number} of {count}, step {step} of {steps}</source>
        <translation>正在填充，第 {number} 个，共 {count} 个，第 {step} 步，共 {steps} 步</translation>
    </message>
    <message>
        <source>Result {number}: {engine}, seed {seed}</source>
        <translation>结果 {number}：{engine}，种子 {seed}</translation>
    </message>
    <message>
        <source>Not finished</source>
        <translation>未完成</translation>
    </message>
    <message>
        <source>Result {number}</source>
        <translation>结果 {number}</translation>
    </message>
    <message>
        <source>The picture changed its shape. The results were discarded.</source>
        <translation>图片的形状已改变。结果已放弃。</translation>
    </message>
    <message>
        <source>The fill is no longer in the picture. The results were discarded.</source>
        <translation>填充已不在图片中。结果已放弃。</translation>
    </message>
    <message>
        <source>Only files on this machine can be opened. Save the picture first.</source>
        <translation>只能打开本机上的文件。请先保存图片。</translation>
    </message>
    <message>
        <source>There is no file {0} in {1}.</source>
        <translation>{1} 中没有文件 {0}。</translation>
    </message>
    <message>
        <source>{0} is damaged: {1}.</source>
        <translation>{0} 已损坏：{1}。</translation>
    </message>
    <message>
        <source>This machine offers no &quot;{0}&quot; device to PyTorch. Use --device auto or --device cpu.</source>
        <translation>本机没有可供 PyTorch 使用的“{0}”设备。请使用 --device auto 或 --device cpu。</translation>
    </message>
    <message>
        <source>There is no model &quot;{0}&quot;. Name a .safetensors file or a folder of diffusers.</source>
        <translation>没有模型“{0}”。请指定 .safetensors 文件或 diffusers 文件夹。</translation>
    </message>
    <message>
        <source>{0} is a pickle, which can run any program when it is read, so it was not used. Get the same model as a .safetensors file.</source>
        <translation>{0} 是 pickle 文件，读取时可能运行任意程序，因此未使用。请获取同一模型的 .safetensors 文件。</translation>
    </message>
    <message>
        <source>{0} is FLUX.2&apos;s network, which Lacuna reads from no single file. Get FLUX.2 klein as a diffusers folder.</source>
        <translation>{0} 是 FLUX.2 的网络，Lacuna 不从单个文件读取它。请获取 FLUX.2 klein 的 diffusers 文件夹。</translation>
    </message>
    <message>
        <source>{0} is {1}, which fills nothing by itself. Use FLUX Fill with it.</source>
        <translation>{0} 是{1}，本身不能填充。请与 FLUX Fill 一起使用。</translation>
    </message>
    <message>
        <source>{0} is no diffusion model that Lacuna knows. It knows SD 1.5, SDXL and FLUX Fill.</source>
        <translation>{0} 不是 Lacuna 认识的扩散模型。它认识 SD 1.5、SDXL 和 FLUX Fill。</translation>
    </message>
    <message>
        <source>a LoRA for {0}</source>
        <translation>用于 {0} 的 LoRA</translation>
    </message>
    <message>
        <source>a LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>a ControlNet for {0}</source>
        <translation>用于 {0} 的 ControlNet</translation>
    </message>
    <message>
        <source>a ControlNet</source>
        <translation>ControlNet</translation>
    </message>
    <message>
        <source>{0} is a ControlNet without its .safetensors file. Get that as well.</source>
        <translation>{0} 是缺少 .safetensors 文件的 ControlNet。请一并获取。</translation>
    </message>
    <message>
        <source>{0} is no safetensors file, or damaged. Get it again.</source>
        <translation>{0} 不是 safetensors 文件，或已损坏。请重新获取。</translation>
    </message>
    <message>
        <source>{0} has no text encoder that Lacuna knows. Use the whole model, SD 1.5 or SDXL, or its diffusers folder.</source>
        <translation>{0} 没有 Lacuna 认识的文本编码器。请使用完整的模型（SD 1.5 或 SDXL），或其 diffusers 文件夹。</translation>
    </message>
    <message>
        <source>The network of {0} is of a kind that Lacuna does not know.</source>
        <translation>{0} 的网络类型是 Lacuna 不认识的。</translation>
    </message>
    <message>
        <source>The network of {0} takes {1} channels; Lacuna knows those that take {2}.</source>
        <translation>{0} 的网络接受 {1} 个通道；Lacuna 认识的网络接受 {2} 个。</translation>
    </message>
    <message>
        <source>{0} is missing, so this is no whole diffusers folder. Get it again.</source>
        <translation>缺少 {0}，因此这不是完整的 diffusers 文件夹。请重新获取。</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}. Get it again.</source>
        <translation>无法读取 {0}：{1}。请重新获取。</translation>
    </message>
    <message>
        <source>There is a {0} among the models already. Remove it there first.</source>
        <translation>模型中已经有 {0}。请先在那里将其移除。</translation>
    </message>
    <message>
        <source>{0} is no longer there. Add it again.</source>
        <translation>{0} 已不存在。请重新添加。</translation>
    </message>
    <message>
        <source>{0} is damaged or was changed. Remove it and add it again.</source>
        <translation>{0} 已损坏或被更改。请将其移除后重新添加。</translation>
    </message>
    <message>
        <source>{0} is not among the models of Lacuna, so it stays.</source>
        <translation>{0} 不在 Lacuna 的模型之中，因此予以保留。</translation>
    </message>
    <message>
        <source>FLUX is not guided by ControlNets here. Choose an SD 1.5 or SDXL model, or none.</source>
        <translation>此处 FLUX 不支持由 ControlNet 引导。请选择 SD 1.5 或 SDXL 模型，或不使用 ControlNet。</translation>
    </message>
    <message>
        <source>{0} is a ControlNet for another kind of model. Use one for this.</source>
        <translation>{0} 是用于另一类模型的 ControlNet。请使用适合此模型的 ControlNet。</translation>
    </message>
    <message>
        <source>{0} is no ControlNet that Lacuna knows.</source>
        <translation>{0} 不是 Lacuna 认识的 ControlNet。</translation>
    </message>
    <message>
        <source>There is no task &quot;{0}&quot;. Choose one of: {1}.</source>
        <translation>没有名为“{0}”的任务。请从以下选择：{1}。</translation>
    </message>
    <message>
        <source>The words are more than the model reads: the last of them were left out.</source>
        <translation>文字超出了模型可读取的长度：末尾的部分已略去。</translation>
    </message>
    <message>
        <source>There was not enough memory: the fill was made piece by piece, which is slower.</source>
        <translation>内存不足：填充是分块完成的，速度较慢。</translation>
    </message>
    <message>
        <source>There was not enough memory: the model saw {0} pixels across, so the fill is softer.</source>
        <translation>内存不足：模型只以 {0} 像素的边长处理，因此填充较柔和。</translation>
    </message>
    <message>
        <source>There is no precision &quot;{0}&quot;. Choose one of: {1}.</source>
        <translation>没有名为“{0}”的精度。请从以下选择：{1}。</translation>
    </message>
    <message>
        <source>{0} could not be loaded: {1}. Get it again.</source>
        <translation>无法载入 {0}：{1}。请重新获取。</translation>
    </message>
    <message>
        <source>{0} could not be loaded</source>
        <translation>无法载入 {0}</translation>
    </message>
    <message>
        <source>{0} is no LoRA that Lacuna knows.</source>
        <translation>{0} 不是 Lacuna 认识的 LoRA。</translation>
    </message>
    <message>
        <source>{0} was made for another kind of model: this one has no {1}.</source>
        <translation>{0} 是为另一类模型制作的：此模型没有 {1}。</translation>
    </message>
    <message>
        <source>{0} is not whole: a change has only one of its halves. Get it again.</source>
        <translation>{0} 不完整：其中一项改动缺少一半。请重新获取。</translation>
    </message>
    <message>
        <source>{0} was made for another kind of model: a change has another shape.</source>
        <translation>{0} 是为另一类模型制作的：其中一项改动的形状不符。</translation>
    </message>
    <message>
        <source>FLUX does not resample, and need not: it can fill. Choose the task fill.</source>
        <translation>FLUX 不支持重新采样，也无需如此：它可以填充。请选择任务 fill。</translation>
    </message>
    <message>
        <source>There is no scheduler &quot;{0}&quot;. Choose one of: {1}.</source>
        <translation>没有名为“{0}”的调度器。请从以下选择：{1}。</translation>
    </message>
    <message>
        <source>Strength {0} leaves none of the {1} steps. Raise the strength or the steps.</source>
        <translation>强度 {0} 使 {1} 步中一步不剩。请提高强度或增加步数。</translation>
    </message>
    <message>
        <source>The model lacks {0} of its tensors, {1} among them. Get it again.</source>
        <translation>模型缺少 {0} 个张量，其中包括 {1}。请重新获取。</translation>
    </message>
    <message>
        <source>The model {0} is not installed. See what it is with: {1} models show {2}</source>
        <translation>模型 {0} 未安装。请用以下命令查看：{1} models show {2}</translation>
    </message>
    <message>
        <source>{0} is a FLUX.2 that Lacuna does not know. It knows FLUX.2 klein.</source>
        <translation>{0} 是 Lacuna 不认识的 FLUX.2。它认识 FLUX.2 klein。</translation>
    </message>
    <message>
        <source>There was not enough memory on the graphics card: the words were read on the processor, which </source>
        <translation>显卡内存不足：文字改由处理器读取，</translation>
    </message>
    <message>
        <source>{0}is slower.</source>
        <translation>{0}速度较慢。</translation>
    </message>
    <message>
        <source>There was not enough memory on the graphics card: the model waits in the main memory and is </source>
        <translation>显卡内存不足：模型留在主内存中，</translation>
    </message>
    <message>
        <source>{0}brought there layer by layer, which is slower.</source>
        <translation>{0}逐层送入显卡，速度较慢。</translation>
    </message>
    <message>
        <source>There was not enough memory: the model computes with half the digits, which may look otherwise.</source>
        <translation>内存不足：模型以半精度计算，结果可能有所不同。</translation>
    </message>
    <message>
        <source>There is too little memory for float32, so the model computed in half precision.</source>
        <translation>内存不足以使用 float32，模型以半精度计算。</translation>
    </message>
    <message>
        <source>This model reads no negative prompt, so that was left out.</source>
        <translation>此模型不读取反向提示词，因此未使用。</translation>
    </message>
    <message>
        <source>FLUX is not guided by ControlNets here.</source>
        <translation>这里的 FLUX 不受 ControlNet 引导。</translation>
    </message>
    <message>
        <source>Made for {0}; the model is {1}.</source>
        <translation>为 {0} 制作；当前模型是 {1}。</translation>
    </message>
    <message>
        <source>Its name does not say what it follows: scribble, lineart, softedge or inpaint.</source>
        <translation>其名称未说明它遵循什么：scribble、lineart、softedge 或 inpaint。</translation>
    </message>
    <message>
        <source>The model can fill without it.</source>
        <translation>该模型无需它即可填充。</translation>
    </message>
    <message>
        <source>{0} is no LoRA and no ControlNet that Lacuna knows.</source>
        <translation>{0} 不是 Lacuna 认识的 LoRA 或 ControlNet。</translation>
    </message>
    <message>
        <source>{0} is no ControlNet of Stable Diffusion.</source>
        <translation>{0} 不是 Stable Diffusion 的 ControlNet。</translation>
    </message>
    <message>
        <source>{0} takes {1} GB of memory, {2} GB are free. Close other programs, or choose a smaller model.</source>
        <translation>{0} 需要 {1} GB 内存，可用 {2} GB。请关闭其他程序，或选择较小的模型。</translation>
    </message>
    <message>
        <source>Lightning</source>
        <translation>Lightning</translation>
    </message>
    <message>
        <source>Hyper-SD with guidance</source>
        <translation>Hyper-SD（带引导）</translation>
    </message>
    <message>
        <source>The text encoder has {0} layers, FLUX.2 klein reads {1} of them. Get its own.</source>
        <translation>文本编码器有 {0} 层，FLUX.2 klein 读取其中 {1} 层。请获取它自己的。</translation>
    </message>
    <message>
        <source>There is no spacing &quot;{0}&quot;. Choose one of: {1}; or leave it open.</source>
        <translation>没有间距“{0}”。请选择其一：{1}；或不指定。</translation>
    </message>
    <message>
        <source>The model&apos;s tensor {0} has another shape than it should. Get it again.</source>
        <translation>模型的张量 {0} 形状不正确。请重新获取。</translation>
    </message>
    <message>
        <source>A LoRA cannot be added to a model whose weights are in blocks of few bits (GGUF). Use the model as a .safetensors file.</source>
        <translation>LoRA 不能加到权重为少位数块（GGUF）的模型上。请使用该模型的 .safetensors 文件。</translation>
    </message>
    <message>
        <source>{0} has tensors of other shapes than FLUX. Get it again.</source>
        <translation>{0} 的张量形状与 FLUX 不同。请重新获取。</translation>
    </message>
    <message>
        <source>A GGUF model needs the package gguf. Get it with: pip install &quot;gguf&gt;=0.19,&lt;0.20&quot;</source>
        <translation>GGUF 模型需要 gguf 软件包。请用以下命令获取：pip install &quot;gguf&gt;=0.19,&lt;0.20&quot;</translation>
    </message>
    <message>
        <source>The model lacks its tensor {0}. Get it again.</source>
        <translation>模型缺少张量 {0}。请重新获取。</translation>
    </message>
    <message>
        <source>{0} needs {1} on the disk, {2} are free.</source>
        <translation>{0} 需要 {1} 磁盘空间，可用 {2}。</translation>
    </message>
    <message>
        <source>{0} has the memory for it.</source>
        <translation>{0} 的显存足够。</translation>
    </message>
    <message>
        <source>{0} of {1} are free, it takes {2}.</source>
        <translation>{1} 可用显存为 {0}，需要 {2}。</translation>
    </message>
    <message>
        <source>{0} has the memory for all but the words: the processor reads them.</source>
        <translation>{0} 的内存够用，只是文字由处理器读取。</translation>
    </message>
    <message>
        <source>{0} takes {1} of memory, this machine has {2}.</source>
        <translation>{0} 需要 {1} 内存，本机共有 {2}。</translation>
    </message>
    <message>
        <source>Without {0} on a graphics card it takes minutes and {1} of memory.</source>
        <translation>显卡没有 {0} 时，需要几分钟和 {1} 内存。</translation>
    </message>
    <message>
        <source>Without a graphics card with enough memory it takes minutes.</source>
        <translation>没有显存足够的显卡时，需要数分钟。</translation>
    </message>
    <message>
        <source>It takes {0} of memory, {1} are free. Close other programs.</source>
        <translation>需要 {0} 内存，可用 {1}。请关闭其他程序。</translation>
    </message>
    <message>
        <source>This machine has the memory for it.</source>
        <translation>本机内存足够。</translation>
    </message>
    <message>
        <source>It takes {0} of memory, {1} are free. Choose a smaller size.</source>
        <translation>需要 {0} 内存，可用 {1}。请选择较小的尺寸。</translation>
    </message>
    <message>
        <source>There was not enough memory on the graphics card: it was done on the processor, which is slower.</source>
        <translation>显存不足：已改在处理器上完成，速度较慢。</translation>
    </message>
    <message>
        <source>The model gave no picture on the graphics card: it was done again on the processor, which is slower.</source>
        <translation>模型在显卡上没有给出图片：已在处理器上重新完成，速度较慢。</translation>
    </message>
    <message>
        <source>The engine stopped</source>
        <translation>引擎已停止</translation>
    </message>
    <message>
        <source>The model gave no numbers here. Choose another engine or select another part.</source>
        <translation>模型在此处没有给出有效数值。请选择其他引擎，或选择其他部分。</translation>
    </message>
    <message>
        <source>The model gave nothing but black here. Choose another engine or select another part.</source>
        <translation>模型在此处只给出了黑色。请选择其他引擎，或选择其他部分。</translation>
    </message>
    <message>
        <source>least weight</source>
        <translation>最小权重</translation>
    </message>
    <message>
        <source>other colours</source>
        <translation>其他颜色</translation>
    </message>
    <message>
        <source>same contrast</source>
        <translation>相同对比度</translation>
    </message>
    <message>
        <source>meets joined</source>
        <translation>与相接线相交</translation>
    </message>
    <message>
        <source>other weight</source>
        <translation>其他权重</translation>
    </message>
    <message>
        <source>other length</source>
        <translation>其他长度</translation>
    </message>
    <message>
        <source>The lines could not be found</source>
        <translation>无法查找线条</translation>
    </message>
    <message>
        <source>through vanishing point</source>
        <translation>经过消失点</translation>
    </message>
    <message>
        <source>The model file has not the length of a network that Lacuna knows. Get it again.</source>
        <translation>模型文件的长度与 Lacuna 认识的网络不符。请重新获取。</translation>
    </message>
    <message>
        <source>The model file keeps its numbers in a way that is not known. Get it again.</source>
        <translation>模型文件以未知方式保存数值。请重新获取。</translation>
    </message>
    <message>
        <source>The model file {0} is no ONNX file or is damaged. Get it again.</source>
        <translation>模型文件 {0} 不是 ONNX 文件，或已损坏。请重新获取。</translation>
    </message>
    <message>
        <source>{0} is no model file that Lacuna knows. It knows: {1}.</source>
        <translation>{0} 不是 Lacuna 认识的模型文件。它认识：{1}。</translation>
    </message>
    <message>
        <source>{0} comes with Lacuna and stays.</source>
        <translation>{0} 随 Lacuna 提供，会保留。</translation>
    </message>
    <message>
        <source>{0} is not installed.</source>
        <translation>{0} 未安装。</translation>
    </message>
    <message>
        <source>What was made for {0} is not the file that it should be.</source>
        <translation>为 {0} 生成的文件不正确。</translation>
    </message>
    <message>
        <source>There is not enough room in {0} for {1}, which needs {2} MB meanwhile. Free some and try again.</source>
        <translation>{0} 中没有足够的空间存放 {1}，安装期间需要 {2} MB。请腾出空间后重试。</translation>
    </message>
    <message>
        <source>Models cannot be kept in {0}: {1}. Allow writing there, or set LACUNA_DATA_DIR to another folder.</source>
        <translation>无法将模型保存在 {0}：{1}。请允许写入，或将 LACUNA_DATA_DIR 设为其他文件夹。</translation>
    </message>
    <message>
        <source>{0}. Try again later.</source>
        <translation>{0}。请稍后重试。</translation>
    </message>
    <message>
        <source>Patches</source>
        <translation>图块</translation>
    </message>
    <message>
        <source>Lama</source>
        <translation>LaMa 引擎</translation>
    </message>
    <message>
        <source>Zits</source>
        <translation>ZITS 引擎</translation>
    </message>
    <message>
        <source>Diffusion</source>
        <translation>扩散模型</translation>
    </message>
    <message>
        <source>Continues texture with pieces of the same picture. Needs no model.</source>
        <translation>用同一图片的小块延续纹理。无需模型。</translation>
    </message>
    <message>
        <source>any up to 512</source>
        <translation>不超过 512 的任意尺寸</translation>
    </message>
    <message>
        <source>Strong on repeating texture, walls and grids.</source>
        <translation>擅长重复纹理、墙面和网格。</translation>
    </message>
    <message>
        <source>any multiple of 8; 512 with two of the ONNX files</source>
        <translation>8 的任意倍数；两个 ONNX 文件为 512</translation>
    </message>
    <message>
        <source>LaMa worked over for large holes. Takes many minutes without a graphics card.</source>
        <translation>为大面积空洞精修的 LaMa。没有显卡时需要许多分钟。</translation>
    </message>
    <message>
        <source>LaMa, refined</source>
        <translation>LaMa（精修）</translation>
    </message>
    <message>
        <source>any multiple of 8 up to 1344</source>
        <translation>不超过 1344 的 8 的任意倍数</translation>
    </message>
    <message>
        <source>Continues edges and straight lines, yours among them, before it paints.</source>
        <translation>先延续边缘和直线（包括您画的），再进行绘制。</translation>
    </message>
    <message>
        <source>own channel</source>
        <translation>自有通道</translation>
    </message>
    <message>
        <source>squares, any multiple of 32 from 256</source>
        <translation>正方形，从 256 起的 32 的任意倍数</translation>
    </message>
    <message>
        <source>Finds the straight lines around a hole and continues them into it.</source>
        <translation>查找空洞周围的直线，并将其延续到空洞中。</translation>
    </message>
    <message>
        <source>M-LSD and LSD</source>
        <translation>M-LSD 与 LSD</translation>
    </message>
    <message>
        <source>Finds the object that you click on.</source>
        <translation>找到您点击的对象。</translation>
    </message>
    <message>
        <source>Finds what a photograph is of.</source>
        <translation>找到照片的主体。</translation>
    </message>
    <message>
        <source>the model&apos;s own: 512 or 1024</source>
        <translation>模型自身的尺寸：512 或 1024</translation>
    </message>
    <message>
        <source>{0} needs {1}, which is missing. Install Lacuna again to restore it.</source>
        <translation>{0} 需要 {1}，但它缺失。请重新安装 Lacuna 以恢复。</translation>
    </message>
    <message>
        <source>{0} needs more libraries. Install them with: pip install &apos;lacuna[{1}]&apos;</source>
        <translation>{0} 需要更多的库。安装方法：pip install &apos;lacuna[{1}]&apos;</translation>
    </message>
    <message>
        <source>{0} needs PyTorch. Install it with: pip install &apos;lacuna[torch]&apos;</source>
        <translation>{0} 需要 PyTorch。安装方法：pip install &apos;lacuna[torch]&apos;</translation>
    </message>
    <message>
        <source>The model file {0} cannot be used: {1}. Bring the file that the catalogue describes.</source>
        <translation>无法使用模型文件 {0}：{1}。请提供目录中描述的文件。</translation>
    </message>
    <message>
        <source>The model file is damaged ({0}). Install it again.</source>
        <translation>模型文件已损坏（{0}）。请重新安装。</translation>
    </message>
    <message>
        <source>The picture could not be scaled</source>
        <translation>无法缩放图片</translation>
    </message>
    <message>
        <source>What {0} gives is not the file that it should be.</source>
        <translation>{0} 提供的文件不是应有的文件。</translation>
    </message>
    <message>
        <source>The package {0} is not the one that it was, so it was not opened.</source>
        <translation>软件包 {0} 与原先的不同，因此未打开。</translation>
    </message>
    <message>
        <source>{0} in {1} is not the file that it should be.</source>
        <translation>{1} 中的 {0} 不是应有的文件。</translation>
    </message>
    <message>
        <source>pip, which fetches {0}, is not on this machine</source>
        <translation>本机没有用于获取 {0} 的 pip</translation>
    </message>
    <message>
        <source>npm, which fetches {0}, is not on this machine</source>
        <translation>本机没有用于获取 {0} 的 npm</translation>
    </message>
    <message>
        <source>{0} was not fetched: {1}</source>
        <translation>未获取 {0}：{1}</translation>
    </message>
    <message>
        <source>it gave no reason</source>
        <translation>未给出原因</translation>
    </message>
    <message>
        <source>There is no model &quot;{0}&quot;. Choose one of: {1}.</source>
        <translation>没有名为“{0}”的模型。请从以下选择：{1}。</translation>
    </message>
    <message>
        <source>The model for {0} is not installed. {1}</source>
        <translation>用于{0}的模型未安装。{1}</translation>
    </message>
    <message>
        <source>The model for {0} is missing: {1}. {2}</source>
        <translation>用于{0}的模型缺失：{1}。{2}</translation>
    </message>
    <message>
        <source>The model file {0} is damaged or was changed, so it was not used. {1}</source>
        <translation>模型文件 {0} 已损坏或被更改，因此未使用。{1}</translation>
    </message>
    <message>
        <source>Install Lacuna again to restore it.</source>
        <translation>请重新安装 Lacuna 以恢复。</translation>
    </message>
    <message>
        <source>The model file {0} is not the published one, so it was not used. {1}</source>
        <translation>模型文件 {0} 不是已发布的版本，因此未使用。{1}</translation>
    </message>
    <message>
        <source>The model file {0} is a program that Lacuna does not know yet. Its md5 is the published one: to trust it, add sha256 = &quot;{1}&quot; to [{2}] in {3}.</source>
        <translation>模型文件 {0} 是 Lacuna 尚不认识的程序。其 md5 与发布的一致：若要信任它，请将 sha256 = &quot;{1}&quot; 加入 {3} 的 [{2}]。</translation>
    </message>
    <message>
        <source>The checkpoint was not read: {0}. Get it again from its maker.</source>
        <translation>未能读取检查点：{0}。请从其作者处重新获取。</translation>
    </message>
    <message>
        <source>{0} sends on to {1}:, which is not safe</source>
        <translation>{0} 重定向到 {1}:，这不安全</translation>
    </message>
    <message>
        <source>{0} did not give the file: {1}</source>
        <translation>{0} 未提供该文件：{1}</translation>
    </message>
    <message>
        <source>{0} does not prove that it is {1}</source>
        <translation>{0} 未能证明自己是 {1}</translation>
    </message>
    <message>
        <source>it does not know the part that is here</source>
        <translation>它不认识本机已有的部分</translation>
    </message>
    <message>
        <source>{0} answers {1} {2}</source>
        <translation>{0} 返回了 {1} {2}</translation>
    </message>
    <message>
        <source>it gave another part than was asked for</source>
        <translation>它给出的部分与所请求的不符</translation>
    </message>
    <message>
        <source>What {0} has is {1} bytes, not {2}.</source>
        <translation>{0} 上的文件为 {1} 字节，而不是 {2} 字节。</translation>
    </message>
    <message>
        <source>What {0} has is longer than {1} bytes.</source>
        <translation>{0} 上的文件超过 {1} 字节。</translation>
    </message>
    <message>
        <source>it is too slow</source>
        <translation>速度太慢</translation>
    </message>
    <message>
        <source>the connection broke off</source>
        <translation>连接中断</translation>
    </message>
    <message>
        <source>it does not answer</source>
        <translation>没有响应</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>对比度</translation>
    </message>
    <message>
        <source>Legacy</source>
        <translation>使用旧版</translation>
    </message>
    <message>
        <source>RGB</source>
        <translation>RGB</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>位移</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>色温</translation>
    </message>
    <message>
        <source>Tint</source>
        <translation>色调</translation>
    </message>
    <message>
        <source>Reds</source>
        <translation>红色</translation>
    </message>
    <message>
        <source>Yellows</source>
        <translation>黄色</translation>
    </message>
    <message>
        <source>Greens</source>
        <translation>绿色</translation>
    </message>
    <message>
        <source>Cyans</source>
        <translation>青色</translation>
    </message>
    <message>
        <source>Blues</source>
        <translation>蓝色</translation>
    </message>
    <message>
        <source>Magentas</source>
        <translation>洋红</translation>
    </message>
    <message>
        <source>Lightness</source>
        <translation>明度</translation>
    </message>
    <message>
        <source>Shadows</source>
        <translation>阴影</translation>
    </message>
    <message>
        <source>Midtones</source>
        <translation>中间调</translation>
    </message>
    <message>
        <source>Highlights</source>
        <translation>高光</translation>
    </message>
    <message>
        <source>Preserve luminosity</source>
        <translation>保留明度</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>浓度</translation>
    </message>
    <message>
        <source>Monochrome</source>
        <translation>单色</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>色阶</translation>
    </message>
    <message>
        <source>Stops</source>
        <translation>色标</translation>
    </message>
    <message>
        <source>Release &amp;clipping</source>
        <translation>释放剪贴(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Clip to layer below</source>
        <translation>剪贴到下方图层(&amp;C)</translation>
    </message>
    <message>
        <source>S&amp;how layer</source>
        <translation>显示图层(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Hide layer</source>
        <translation>隐藏图层(&amp;H)</translation>
    </message>
    <message>
        <source>Un&amp;lock layer</source>
        <translation>解锁图层(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Lock layer</source>
        <translation>锁定图层(&amp;L)</translation>
    </message>
    <message>
        <source>Lock layer</source>
        <translation>锁定图层</translation>
    </message>
    <message>
        <source>Unlock layer</source>
        <translation>解锁图层</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>Prefere&amp;nces…</source>
        <translation>首选项(&amp;N)…</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>打开(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>存储(&amp;S)</translation>
    </message>
    <message>
        <source>Save &amp;As…</source>
        <translation>存储为(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>关闭(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>F&amp;ill</source>
        <translation>填充(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>移除(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;About Lacuna</source>
        <translation>关于 Lacuna(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Image</source>
        <translation>图像(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Mode</source>
        <translation>模式(&amp;M)</translation>
    </message>
    <message>
        <source>Rotate 90° to the &amp;right</source>
        <translation>向右旋转 90°(&amp;R)</translation>
    </message>
    <message>
        <source>Rotate 90° to the &amp;left</source>
        <translation>向左旋转 90°(&amp;L)</translation>
    </message>
    <message>
        <source>Rotate 1&amp;80°</source>
        <translation>旋转 180°(&amp;8)</translation>
    </message>
    <message>
        <source>Flip &amp;horizontally</source>
        <translation>水平翻转(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;8 bits per channel</source>
        <translation>每通道 8 位(&amp;8)</translation>
    </message>
    <message>
        <source>&amp;16 bits per channel</source>
        <translation>每通道 16 位(&amp;1)</translation>
    </message>
    <message>
        <source>A&amp;rrange</source>
        <translation>排列(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Layer</source>
        <translation>图层(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Add layer mask</source>
        <translation>添加图层蒙版(&amp;A)</translation>
    </message>
    <message>
        <source>Add &amp;black layer mask</source>
        <translation>添加黑色图层蒙版(&amp;B)</translation>
    </message>
    <message>
        <source>Hide the layer, and paint it in</source>
        <translation>隐藏图层，再涂抹使其显现</translation>
    </message>
    <message>
        <source>&amp;Paint on layer mask</source>
        <translation>在图层蒙版上绘画(&amp;P)</translation>
    </message>
    <message>
        <source>Paint on the layer&apos;s mask, or on its pixels again</source>
        <translation>在图层的蒙版上绘画，或回到其像素</translation>
    </message>
    <message>
        <source>&amp;Invert layer mask</source>
        <translation>反相图层蒙版(&amp;I)</translation>
    </message>
    <message>
        <source>Show what the mask hides</source>
        <translation>显示被蒙版隐藏的内容</translation>
    </message>
    <message>
        <source>&amp;Select layer mask</source>
        <translation>选择图层蒙版(&amp;S)</translation>
    </message>
    <message>
        <source>Select what the mask shows (Ctrl+click on the mask)</source>
        <translation>选择蒙版所显示的部分（Ctrl+单击蒙版）</translation>
    </message>
    <message>
        <source>Make the mask part of the layer&apos;s pixels</source>
        <translation>将蒙版并入图层的像素</translation>
    </message>
    <message>
        <source>&amp;Delete layer mask</source>
        <translation>删除图层蒙版(&amp;D)</translation>
    </message>
    <message>
        <source>Bring to &amp;front</source>
        <translation>置为顶层(&amp;F)</translation>
    </message>
    <message>
        <source>Bring for&amp;ward</source>
        <translation>前移一层(&amp;W)</translation>
    </message>
    <message>
        <source>Send &amp;backward</source>
        <translation>后移一层(&amp;B)</translation>
    </message>
    <message>
        <source>Send to b&amp;ack</source>
        <translation>置为底层(&amp;A)</translation>
    </message>
    <message>
        <source>Choose the layer be&amp;low</source>
        <translation>选择下方图层(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;New layer</source>
        <translation>新建图层(&amp;N)</translation>
    </message>
    <message>
        <source>New &amp;adjustment layer</source>
        <translation>新建调整图层(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Duplicate layer</source>
        <translation>复制图层(&amp;D)</translation>
    </message>
    <message>
        <source>Rena&amp;me layer</source>
        <translation>重命名图层(&amp;M)</translation>
    </message>
    <message>
        <source>Dele&amp;te layer</source>
        <translation>删除图层(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Group layers</source>
        <translation>图层编组(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Ungroup layers</source>
        <translation>取消图层编组(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Select layer&apos;s pixels</source>
        <translation>选择图层的像素(&amp;S)</translation>
    </message>
    <message>
        <source>Select where the layer is not empty (Ctrl+click on its picture)</source>
        <translation>选择图层非空的部分（Ctrl+单击其缩览图）</translation>
    </message>
    <message>
        <source>Make aga&amp;in…</source>
        <translation>重新制作(&amp;I)…</translation>
    </message>
    <message>
        <source>Change how an engine made the layer, and run it again (double click on its picture)</source>
        <translation>更改引擎制作该图层的方式，并重新运行（双击其缩览图）</translation>
    </message>
    <message>
        <source>Merge &amp;visible</source>
        <translation>合并可见图层(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Flatten picture</source>
        <translation>拼合图像(&amp;F)</translation>
    </message>
    <message>
        <source>Opacity {0} %</source>
        <translation>不透明度 {0} %</translation>
    </message>
    <message>
        <source>&amp;Select</source>
        <translation>选择(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;All</source>
        <translation>全部(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Deselect</source>
        <translation>取消选择(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Invert</source>
        <translation>反选(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Grow…</source>
        <translation>扩展(&amp;G)…</translation>
    </message>
    <message>
        <source>&amp;Shrink…</source>
        <translation>收缩(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Feather…</source>
        <translation>羽化(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation>工具(&amp;T)</translation>
    </message>
    <message>
        <source>Smaller tip</source>
        <translation>减小笔尖</translation>
    </message>
    <message>
        <source>Larger tip</source>
        <translation>增大笔尖</translation>
    </message>
    <message>
        <source>Softer tip</source>
        <translation>软化笔尖</translation>
    </message>
    <message>
        <source>Harder tip</source>
        <translation>硬化笔尖</translation>
    </message>
    <message>
        <source>Exchange the colours</source>
        <translation>交换颜色</translation>
    </message>
    <message>
        <source>Black and white</source>
        <translation>默认黑白颜色</translation>
    </message>
    <message>
        <source>Last tool</source>
        <translation>上一个工具</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>放大(&amp;I)</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>缩小(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Fit on screen</source>
        <translation>适合屏幕(&amp;F)</translation>
    </message>
    <message>
        <source>Turn the view to the &amp;right</source>
        <translation>向右旋转视图(&amp;R)</translation>
    </message>
    <message>
        <source>Turn the view to the &amp;left</source>
        <translation>向左旋转视图(&amp;L)</translation>
    </message>
    <message>
        <source>View &amp;upright</source>
        <translation>视图转正(&amp;U)</translation>
    </message>
    <message>
        <source>Turn the view back</source>
        <translation>将视图转回原位</translation>
    </message>
    <message>
        <source>Show or hide the selection and lines over the picture</source>
        <translation>显示或隐藏图片上的选区和线条</translation>
    </message>
    <message>
        <source>&amp;Window</source>
        <translation>窗口(&amp;W)</translation>
    </message>
    <message>
        <source>Show this panel, or close it</source>
        <translation>显示或关闭此面板</translation>
    </message>
    <message>
        <source>&amp;Reset panels</source>
        <translation>复位面板(&amp;R)</translation>
    </message>
    <message>
        <source>Every panel in its first place</source>
        <translation>让所有面板回到初始位置</translation>
    </message>
    <message>
        <source>&amp;Hide bars and panels</source>
        <translation>隐藏工具栏和面板(&amp;H)</translation>
    </message>
    <message>
        <source>Nothing but the picture, or everything again (Tab, over the picture)</source>
        <translation>只显示图片，或重新显示一切（在图片上按 Tab）</translation>
    </message>
    <message>
        <source>Hide &amp;panels</source>
        <translation>隐藏面板(&amp;P)</translation>
    </message>
    <message>
        <source>The picture and its tools, or the panels again</source>
        <translation>图片及其工具，或重新显示面板</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>全屏(&amp;F)</translation>
    </message>
    <message>
        <source>Full screen with the menus, then the picture alone, then the window again</source>
        <translation>先是带菜单的全屏，再是仅有图片，然后恢复窗口</translation>
    </message>
    <message>
        <source>&amp;Next area</source>
        <translation>下一区域(&amp;N)</translation>
    </message>
    <message>
        <source>Give the keyboard to the options, a panel or the picture</source>
        <translation>将键盘焦点移到选项、面板或图片</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Remove what is selected (Enter)</source>
        <translation>移除所选内容 (Enter)</translation>
    </message>
    <message>
        <source>Open a picture first</source>
        <translation>请先打开一张图片</translation>
    </message>
    <message>
        <source>Open pictures</source>
        <translation>打开的图片</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>Search for a command, a tool or a picture</source>
        <translation>搜索命令、工具或图片</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Nothing is called that.</source>
        <translation>没有匹配的结果。</translation>
    </message>
    <message>
        <source>Blend mode</source>
        <translation>混合模式</translation>
    </message>
    <message>
        <source>Pass through</source>
        <translation>穿透</translation>
    </message>
    <message>
        <source>Close this panel. The Window menu brings it back.</source>
        <translation>关闭此面板。可从“窗口”菜单重新打开。</translation>
    </message>
    <message>
        <source>Close {panel}</source>
        <translation>关闭{panel}</translation>
    </message>
    <message>
        <source>Layer opacity</source>
        <translation>图层不透明度</translation>
    </message>
    <message>
        <source>How far the layer covers what is below (1 … 9, 0)</source>
        <translation>图层遮盖下方内容的程度（1 … 9、0）</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>clipped to the layer below</source>
        <translation>剪贴到下方图层</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>已隐藏</translation>
    </message>
    <message>
        <source>closed group</source>
        <translation>已折叠的组</translation>
    </message>
    <message>
        <source>open group</source>
        <translation>已展开的组</translation>
    </message>
    <message>
        <source>mask</source>
        <translation>有蒙版</translation>
    </message>
    <message>
        <source>mask, disabled</source>
        <translation>蒙版已停用</translation>
    </message>
    <message>
        <source>partly locked</source>
        <translation>部分锁定</translation>
    </message>
    <message>
        <source>Rename layer</source>
        <translation>重命名图层</translation>
    </message>
    <message>
        <source>level {number}</source>
        <translation>第 {number} 级</translation>
    </message>
    <message>
        <source>Layer name</source>
        <translation>图层名称</translation>
    </message>
    <message>
        <source>Open a picture to see its layers.</source>
        <translation>打开一张图片以查看其图层。</translation>
    </message>
    <message>
        <source>New adjustment layer</source>
        <translation>新建调整图层</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>首选项</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Interface</source>
        <translation>界面</translation>
    </message>
    <message>
        <source>Performance</source>
        <translation>性能</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>键盘</translation>
    </message>
    <message>
        <source>Recovery</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Search by name or by keys</source>
        <translation>按名称或按键搜索</translation>
    </message>
    <message>
        <source>Commands and their shortcuts</source>
        <translation>命令及其快捷键</translation>
    </message>
    <message>
        <source>Reset all…</source>
        <translation>全部复位…</translation>
    </message>
    <message>
        <source>Take it over</source>
        <translation>改用于此</translation>
    </message>
    <message>
        <source>{keys} stays with “{command}”, as you chose.</source>
        <translation>按您的选择，{keys} 仍属于“{command}”。</translation>
    </message>
    <message>
        <source>Forget all shortcuts of your own?</source>
        <translation>要清除您自己设置的所有快捷键吗？</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>全部复位</translation>
    </message>
    <message>
        <source>Shortcut of the chosen command; press other keys for it</source>
        <translation>所选命令的快捷键；按其他键可更改</translation>
    </message>
    <message>
        <source>Add another</source>
        <translation>再添加一个</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>复位</translation>
    </message>
    <message>
        <source>Choose a command to change its keys.</source>
        <translation>选择一个命令以更改其按键。</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>{keys} belongs to “{command}”.</source>
        <translation>{keys} 属于“{command}”。</translation>
    </message>
    <message>
        <source>{keys} stays what it is in the picture.</source>
        <translation>{keys} 在图片中的作用保持不变。</translation>
    </message>
    <message>
        <source>Pictures are shown in its colours. Files are not changed by it.</source>
        <translation>图片以其颜色显示。文件不会因此改变。</translation>
    </message>
    <message>
        <source>Units</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Delete layer mask</source>
        <translation>删除图层蒙版</translation>
    </message>
    <message>
        <source>Disable layer mask</source>
        <translation>停用图层蒙版</translation>
    </message>
    <message>
        <source>Enable layer mask</source>
        <translation>启用图层蒙版</translation>
    </message>
    <message>
        <source>Release clipping</source>
        <translation>释放剪贴</translation>
    </message>
    <message>
        <source>Clip to layer below</source>
        <translation>剪贴到下方图层</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>查找命令</translation>
    </message>
    <message>
        <source>Fill with fore&amp;ground</source>
        <translation>填充前景色(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Free transform</source>
        <translation>自由变换(&amp;F)</translation>
    </message>
    <message>
        <source>Scale, turn, distort and move the layer</source>
        <translation>缩放、旋转、扭曲和移动图层</translation>
    </message>
    <message>
        <source>Comman&amp;d palette…</source>
        <translation>命令面板(&amp;D)…</translation>
    </message>
    <message>
        <source>Back to what is in the file</source>
        <translation>恢复到文件中的样子</translation>
    </message>
    <message>
        <source>&amp;New…</source>
        <translation>新建(&amp;N)…</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>最近打开的文件(&amp;R)</translation>
    </message>
    <message>
        <source>C&amp;lose all</source>
        <translation>全部关闭(&amp;L)</translation>
    </message>
    <message>
        <source>Save a cop&amp;y…</source>
        <translation>存储副本(&amp;Y)…</translation>
    </message>
    <message>
        <source>Save under another name, and go on with this file</source>
        <translation>以其他名称存储，并继续编辑此文件</translation>
    </message>
    <message>
        <source>Re&amp;vert</source>
        <translation>恢复(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>导出(&amp;E)…</translation>
    </message>
    <message>
        <source>A flat copy: for the web, smaller, in another format</source>
        <translation>一份平面副本：用于网络、更小或其他格式</translation>
    </message>
    <message>
        <source>Change how the chosen layer was filled (double click on its thumbnail)</source>
        <translation>更改所选图层的填充方式（双击其缩览图）</translation>
    </message>
    <message>
        <source>Flip verticall&amp;y</source>
        <translation>垂直翻转(&amp;Y)</translation>
    </message>
    <message>
        <source>Add a layer mask from the selection</source>
        <translation>从选区添加图层蒙版</translation>
    </message>
    <message>
        <source>Layer mas&amp;k</source>
        <translation>图层蒙版(&amp;K)</translation>
    </message>
    <message>
        <source>Shift+click on the mask</source>
        <translation>Shift+单击蒙版</translation>
    </message>
    <message>
        <source>Rename layer (F2, in the list)</source>
        <translation>重命名图层（在列表中按 F2）</translation>
    </message>
    <message>
        <source>Delete layer (Delete, in the list)</source>
        <translation>删除图层（在列表中按 Delete）</translation>
    </message>
    <message>
        <source>Invert the selection</source>
        <translation>反选选区</translation>
    </message>
    <message>
        <source>Move the selection&apos;s edge outwards</source>
        <translation>将选区边缘向外移动</translation>
    </message>
    <message>
        <source>Move the selection&apos;s edge inwards</source>
        <translation>将选区边缘向内移动</translation>
    </message>
    <message>
        <source>Soften the selection&apos;s edge</source>
        <translation>柔化选区边缘</translation>
    </message>
    <message>
        <source>Back to the tool from before this one</source>
        <translation>回到此前使用的工具</translation>
    </message>
    <message>
        <source>A smaller brush</source>
        <translation>更小的画笔</translation>
    </message>
    <message>
        <source>A larger brush</source>
        <translation>更大的画笔</translation>
    </message>
    <message>
        <source>A softer edge</source>
        <translation>更柔和的边缘</translation>
    </message>
    <message>
        <source>A harder edge</source>
        <translation>更硬的边缘</translation>
    </message>
    <message>
        <source>Hold to see the picture as it was when it was opened</source>
        <translation>按住可查看图片打开时的样子</translation>
    </message>
    <message>
        <source>Show the picture as it &amp;was</source>
        <translation>显示图片之前的样子(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Split view</source>
        <translation>拆分视图(&amp;S)</translation>
    </message>
    <message>
        <source>Before on the left of a line that can be dragged, now on the right of it</source>
        <translation>可拖动分隔线的左侧为之前，右侧为现在</translation>
    </message>
    <message>
        <source>Split view, top and &amp;bottom</source>
        <translation>上下拆分视图(&amp;B)</translation>
    </message>
    <message>
        <source>Before above a line that can be dragged, now below it</source>
        <translation>可拖动分隔线的上方为之前，下方为现在</translation>
    </message>
    <message>
        <source>New picture</source>
        <translation>新建图片</translation>
    </message>
    <message>
        <source>8 bits per channel</source>
        <translation>每通道 8 位</translation>
    </message>
    <message>
        <source>White</source>
        <translation>白色</translation>
    </message>
    <message>
        <source>Transparent</source>
        <translation>透明</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>位深</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>创建</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>亮度</translation>
    </message>
    <message>
        <source>Open a picture to adjust its light and colours.</source>
        <translation>打开一张图片以调整其光线和颜色。</translation>
    </message>
    <message>
        <source>Add {adjustment} as a layer</source>
        <translation>将{adjustment}添加为图层</translation>
    </message>
    <message>
        <source>Hide or show what it does</source>
        <translation>隐藏或显示其效果</translation>
    </message>
    <message>
        <source>Adjust the layer below only</source>
        <translation>仅调整下方图层</translation>
    </message>
    <message>
        <source>Darken</source>
        <translation>变暗</translation>
    </message>
    <message>
        <source>Multiply</source>
        <translation>正片叠底</translation>
    </message>
    <message>
        <source>Colour burn</source>
        <translation>颜色加深</translation>
    </message>
    <message>
        <source>Linear burn</source>
        <translation>线性加深</translation>
    </message>
    <message>
        <source>Darker colour</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Lighten</source>
        <translation>变亮</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>滤色</translation>
    </message>
    <message>
        <source>Colour dodge</source>
        <translation>颜色减淡</translation>
    </message>
    <message>
        <source>Lighter colour</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>叠加</translation>
    </message>
    <message>
        <source>Soft light</source>
        <translation>柔光</translation>
    </message>
    <message>
        <source>Hard light</source>
        <translation>强光</translation>
    </message>
    <message>
        <source>Vivid light</source>
        <translation>亮光</translation>
    </message>
    <message>
        <source>Linear light</source>
        <translation>线性光</translation>
    </message>
    <message>
        <source>Pin light</source>
        <translation>点光</translation>
    </message>
    <message>
        <source>Hard mix</source>
        <translation>实色混合</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>Exclusion</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>Subtract</source>
        <translation>减去</translation>
    </message>
    <message>
        <source>Divide</source>
        <translation>划分</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>饱和度</translation>
    </message>
    <message>
        <source>Luminosity</source>
        <translation>明度</translation>
    </message>
    <message>
        <source>Linear dodge (add)</source>
        <translation>线性减淡（添加）</translation>
    </message>
    <message>
        <source>Adjustments</source>
        <translation>调整</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史记录</translation>
    </message>
    <message>
        <source>Navigator</source>
        <translation>导航器</translation>
    </message>
    <message>
        <source>Info</source>
        <translation>信息</translation>
    </message>
    <message>
        <source>Choose a colour</source>
        <translation>选择颜色</translation>
    </message>
    <message>
        <source>Point {number} of {count}: input {input}, output {output}</source>
        <translation>第 {number} 个点，共 {count} 个：输入 {input}，输出 {output}</translation>
    </message>
    <message>
        <source>In</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Out</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Begins at</source>
        <translation>开始于</translation>
    </message>
    <message>
        <source>Full from</source>
        <translation>全效起点</translation>
    </message>
    <message>
        <source>Full to</source>
        <translation>全效终点</translation>
    </message>
    <message>
        <source>Ends at</source>
        <translation>结束于</translation>
    </message>
    <message>
        <source>Input black</source>
        <translation>输入黑场</translation>
    </message>
    <message>
        <source>Gamma</source>
        <translation>灰度系数</translation>
    </message>
    <message>
        <source>Input white</source>
        <translation>输入白场</translation>
    </message>
    <message>
        <source>Output black</source>
        <translation>输出黑场</translation>
    </message>
    <message>
        <source>Output white</source>
        <translation>输出白场</translation>
    </message>
    <message>
        <source>Stop {number} of {count}, at {percent} %</source>
        <translation>第 {number} 个色标，共 {count} 个，位于 {percent} %</translation>
    </message>
    <message>
        <source>Midpoint {number}, at {percent} %</source>
        <translation>第 {number} 个中点，位于 {percent} %</translation>
    </message>
    <message>
        <source>Click below the strip to add a colour; drag one down, or press Delete, to take it away</source>
        <translation>单击色条下方可添加颜色；将其向下拖离或按 Delete 可删除</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>运行设备</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Chosen when it first runs</source>
        <translation>首次运行时选定</translation>
    </message>
    <message>
        <source>Apple graphics</source>
        <translation>Apple 显卡</translation>
    </message>
    <message>
        <source>NVIDIA graphics</source>
        <translation>NVIDIA 显卡</translation>
    </message>
    <message>
        <source>for any use</source>
        <translation>可用于任何用途</translation>
    </message>
    <message>
        <source>not for commercial use</source>
        <translation>不可用于商业用途</translation>
    </message>
    <message>
        <source>{size}, on this machine</source>
        <translation>{size}，已在此计算机上</translation>
    </message>
    <message>
        <source>{size}, missing</source>
        <translation>{size}，缺失</translation>
    </message>
    <message>
        <source>{device}, as the last time</source>
        <translation>{device}，与上次相同</translation>
    </message>
    <message>
        <source>Known after the first run</source>
        <translation>首次运行后可知</translation>
    </message>
    <message>
        <source>About {time} for what is selected</source>
        <translation>所选内容约需 {time}</translation>
    </message>
    <message>
        <source>About {time} for a megapixel</source>
        <translation>每百万像素约需 {time}</translation>
    </message>
    <message>
        <source>Remove with {engine}, {size} megapixels</source>
        <translation>用 {engine} 移除，{size} 百万像素</translation>
    </message>
    <message>
        <source>{number} s</source>
        <translation>{number} 秒</translation>
    </message>
    <message>
        <source>{number} min</source>
        <translation>{number} 分钟</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>直方图</translation>
    </message>
    <message>
        <source>Mean {mean}, {dark} % black, {light} % white</source>
        <translation>平均值 {mean}，黑色 {dark} %，白色 {light} %</translation>
    </message>
    <message>
        <source>Level {level}: {share} %, {below} % darker</source>
        <translation>色阶 {level}：{share} %，更暗的占 {below} %</translation>
    </message>
    <message>
        <source>What you do to a picture is listed here, and can be undone.</source>
        <translation>您对图片所做的操作会列在这里，并可撤销。</translation>
    </message>
    <message>
        <source>Clear history</source>
        <translation>清除历史记录</translation>
    </message>
    <message>
        <source>Forget all steps and give back their memory. The picture stays as it is.</source>
        <translation>清除所有步骤并释放其内存。图片保持原样。</translation>
    </message>
    <message>
        <source>{step}, undone</source>
        <translation>{step}，已撤销</translation>
    </message>
    <message>
        <source>Rotate</source>
        <translation>旋转</translation>
    </message>
    <message>
        <source>Blend</source>
        <translation>混合</translation>
    </message>
    <message>
        <source>In the layer</source>
        <translation>图层中</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>配置文件</translation>
    </message>
    <message>
        <source>In memory</source>
        <translation>占用内存</translation>
    </message>
    <message>
        <source>Open a picture to see its size and its colours in numbers.</source>
        <translation>打开一张图片以查看其大小和颜色数值。</translation>
    </message>
    <message>
        <source>Mask {value}</source>
        <translation>蒙版 {value}</translation>
    </message>
    <message>
        <source>Nothing is selected</source>
        <translation>没有选择任何内容</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>{bits} bit</source>
        <translation>{bits} 位</translation>
    </message>
    <message>
        <source>Lock transparent pixels</source>
        <translation>锁定透明像素</translation>
    </message>
    <message>
        <source>Unlock transparent pixels</source>
        <translation>解锁透明像素</translation>
    </message>
    <message>
        <source>Lock pixels</source>
        <translation>锁定像素</translation>
    </message>
    <message>
        <source>Unlock pixels</source>
        <translation>解锁像素</translation>
    </message>
    <message>
        <source>Filled</source>
        <translation>已填充</translation>
    </message>
    <message>
        <source>Portrait</source>
        <translation>人像</translation>
    </message>
    <message>
        <source>Show layer</source>
        <translation>显示图层</translation>
    </message>
    <message>
        <source>Hide layer</source>
        <translation>隐藏图层</translation>
    </message>
    <message>
        <source>Delete layers</source>
        <translation>删除图层</translation>
    </message>
    <message>
        <source>The view is turned. Click to turn it back.</source>
        <translation>视图已旋转。单击转回原位。</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Fit on screen</source>
        <translation>适合屏幕</translation>
    </message>
    <message>
        <source>Open a picture to find your way in it.</source>
        <translation>打开一张图片以便浏览。</translation>
    </message>
    <message>
        <source>The whole picture: arrow keys move what is seen of it</source>
        <translation>整张图片：用方向键移动所看到的部分</translation>
    </message>
    <message>
        <source>Colourise</source>
        <translation>着色</translation>
    </message>
    <message>
        <source>Master</source>
        <translation>全图</translation>
    </message>
    <message>
        <source>Hues</source>
        <translation>色相范围</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>红</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>绿</translation>
    </message>
    <message>
        <source>The authors of this model have published it without a written licence. Nobody has given you the right to use it for more than the law allows by itself, in most places trying it out for yourself. For work that you sell or are paid for, ask its authors first.</source>
        <translation>该模型的作者发布时未附书面许可证。除法律本身允许的范围（在多数地方即自行试用）外，没有人授予您更多使用权。若用于出售或有偿的工作，请先征询其作者。</translation>
    </message>
    <message>
        <source>Constant</source>
        <translation>常数</translation>
    </message>
    <message>
        <source>Cyan – red</source>
        <translation>青色 – 红色</translation>
    </message>
    <message>
        <source>Magenta – green</source>
        <translation>洋红 – 绿色</translation>
    </message>
    <message>
        <source>Yellow – blue</source>
        <translation>黄色 – 蓝色</translation>
    </message>
    <message>
        <source>Reset adjustment</source>
        <translation>复位调整</translation>
    </message>
    <message>
        <source>Nothing to set here.</source>
        <translation>此处没有可设置的内容。</translation>
    </message>
    <message>
        <source>Part of {adjustment}</source>
        <translation>{adjustment}的部分</translation>
    </message>
    <message>
        <source>This cannot be set: {reason}.</source>
        <translation>无法设置：{reason}。</translation>
    </message>
    <message>
        <source>Show all layers again</source>
        <translation>重新显示所有图层</translation>
    </message>
    <message>
        <source>Show this layer alone</source>
        <translation>仅显示此图层</translation>
    </message>
    <message>
        <source>Of sizes in dialogs. How large a pixel is, the picture’s resolution says.</source>
        <translation>用于对话框中的大小。一个像素多大由图片的分辨率决定。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Lacuna speaks it from the next start on.</source>
        <translation>Lacuna 下次启动时使用此语言。</translation>
    </message>
    <message>
        <source>Clear the list</source>
        <translation>清空列表</translation>
    </message>
    <message>
        <source>Recent pictures</source>
        <translation>最近的图片</translation>
    </message>
    <message>
        <source>The pictures themselves stay where they are.</source>
        <translation>图片本身仍在原处。</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Selection’s colour</source>
        <translation>选区颜色</translation>
    </message>
    <message>
        <source>Of what is selected, over the picture. All but the first are told apart by every eye.</source>
        <translation>图片上所选内容的颜色。除第一种外，每个人都能分辨。</translation>
    </message>
    <message>
        <source>Selection’s opacity</source>
        <translation>选区不透明度</translation>
    </message>
    <message>
        <source>History in memory</source>
        <translation>内存中的历史记录</translation>
    </message>
    <message>
        <source>For each open picture. Older steps go to the disk.</source>
        <translation>针对每张打开的图片。较早的步骤会移到磁盘。</translation>
    </message>
    <message>
        <source>History on disk</source>
        <translation>磁盘上的历史记录</translation>
    </message>
    <message>
        <source>For each open picture. Beyond that the oldest steps are forgotten.</source>
        <translation>针对每张打开的图片。超出后会清除最早的步骤。</translation>
    </message>
    <message>
        <source>Memory for drawing</source>
        <translation>绘制内存</translation>
    </message>
    <message>
        <source>For each open picture. More makes moving about in large pictures smoother.</source>
        <translation>针对每张打开的图片。越多，在大图片中移动越流畅。</translation>
    </message>
    <message>
        <source>Engines run on</source>
        <translation>引擎运行于</translation>
    </message>
    <message>
        <source>From the next run on.</source>
        <translation>从下次运行起生效。</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Monitor’s profile</source>
        <translation>显示器配置文件</translation>
    </message>
    <message>
        <source>Keep open pictures on the disk while I work</source>
        <translation>工作时将打开的图片保留在磁盘上</translation>
    </message>
    <message>
        <source>After a crash</source>
        <translation>崩溃之后</translation>
    </message>
    <message>
        <source>After a crash or a power cut Lacuna offers each picture again, with its layers and its history. What is kept of a picture goes when you close it.</source>
        <translation>崩溃或断电之后，Lacuna 会提供恢复每张图片，包括其图层和历史记录。关闭图片后，为其保留的内容即被清除。</translation>
    </message>
    <message>
        <source>The system’s</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>What the system says</source>
        <translation>跟随系统设置</translation>
    </message>
    <message>
        <source>Choose the monitor’s profile</source>
        <translation>选择显示器的配置文件</translation>
    </message>
    <message>
        <source>{name} is no profile of a monitor.</source>
        <translation>{name} 不是显示器的配置文件。</translation>
    </message>
    <message>
        <source>The quickest there is</source>
        <translation>最快的设备</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Graphics card (CUDA, DirectML)</source>
        <translation>显卡 (CUDA, DirectML)</translation>
    </message>
    <message>
        <source>Graphics of Apple’s processors</source>
        <translation>Apple 处理器的图形单元</translation>
    </message>
    <message>
        <source>As shot</source>
        <translation>原照设置</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Daylight</source>
        <translation>日光</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>自定</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>剪切</translation>
    </message>
    <message>
        <source>Reconstruct</source>
        <translation>重建</translation>
    </message>
    <message>
        <source>White balance</source>
        <translation>白平衡</translation>
    </message>
    <message>
        <source>Colour space</source>
        <translation>色彩空间</translation>
    </message>
    <message>
        <source>Highlights where a channel is full</source>
        <translation>通道溢出处的高光</translation>
    </message>
    <message>
        <source>Colour space, 16 bits per channel</source>
        <translation>色彩空间，每通道 16 位</translation>
    </message>
    <message>
        <source>Nothing was opened yet</source>
        <translation>还没有打开过文件</translation>
    </message>
    <message>
        <source>Ask again at the next start</source>
        <translation>下次启动时再询问</translation>
    </message>
    <message>
        <source>Recover all</source>
        <translation>全部恢复</translation>
    </message>
    <message>
        <source>Cancelled. Nothing was changed.</source>
        <translation>已取消。没有任何更改。</translation>
    </message>
    <message>
        <source>The picture changed its shape meanwhile. Nothing was filled.</source>
        <translation>图片的形状此时已改变。没有填充。</translation>
    </message>
    <message>
        <source>The fill was deleted meanwhile. Nothing was changed.</source>
        <translation>填充此时已被删除。没有任何更改。</translation>
    </message>
    <message>
        <source>There is not enough memory for the result. Nothing was changed.</source>
        <translation>内存不足，无法容纳结果。没有任何更改。</translation>
    </message>
    <message>
        <source>Filled anew. Ctrl+Z brings the old fill back.</source>
        <translation>已重新填充。Ctrl+Z 可恢复原来的填充。</translation>
    </message>
    <message>
        <source>Removed with {engine}. Ctrl+Z brings it back.</source>
        <translation>已用 {engine} 移除。Ctrl+Z 可恢复。</translation>
    </message>
    <message>
        <source>Saved a copy: {name}.</source>
        <translation>已存储副本：{name}。</translation>
    </message>
    <message>
        <source>Saved {name}.</source>
        <translation>已存储 {name}。</translation>
    </message>
    <message>
        <source>Grow by</source>
        <translation>扩展量</translation>
    </message>
    <message>
        <source>Shrink by</source>
        <translation>收缩量</translation>
    </message>
    <message>
        <source>Open a photograph</source>
        <translation>打开照片</translation>
    </message>
    <message>
        <source>Try the sample</source>
        <translation>试用示例</translation>
    </message>
    <message>
        <source>Stop and change nothing (Esc)</source>
        <translation>停止，不做任何更改 (Esc)</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>像素</translation>
    </message>
    <message>
        <source>Millimetres</source>
        <translation>毫米</translation>
    </message>
    <message>
        <source>Centimetres</source>
        <translation>厘米</translation>
    </message>
    <message>
        <source>Inches</source>
        <translation>英寸</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>配置文件</translation>
    </message>
    <message>
        <source>{name} cannot be read.</source>
        <translation>无法读取 {name}。</translation>
    </message>
    <message>
        <source>{device}, not on this machine</source>
        <translation>{device}，此计算机上没有</translation>
    </message>
    <message>
        <source>Rose</source>
        <translation>玫瑰红</translation>
    </message>
    <message>
        <source>Vermilion</source>
        <translation>朱红</translation>
    </message>
    <message>
        <source>Orange</source>
        <translation>橙色</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>黄色</translation>
    </message>
    <message>
        <source>Bluish green</source>
        <translation>蓝绿色</translation>
    </message>
    <message>
        <source>Sky blue</source>
        <translation>天蓝色</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>蓝</translation>
    </message>
    <message>
        <source>A colour of your own…</source>
        <translation>自定颜色…</translation>
    </message>
    <message>
        <source>Removing</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Nothing is selected yet.</source>
        <translation>还没有选择任何内容。</translation>
    </message>
    <message>
        <source>Next of {tools}</source>
        <translation>{tools} 中的下一个</translation>
    </message>
    <message>
        <source>There is no device &quot;{0}&quot;. Choose one of: {1}.</source>
        <translation>没有设备“{0}”。请选择其中之一：{1}。</translation>
    </message>
    <message>
        <source>This machine offers no &quot;{0}&quot; device to onnxruntime. Use --device auto or --device cpu.</source>
        <translation>此计算机没有可供 onnxruntime 使用的“{0}”设备。请使用 --device auto 或 --device cpu。</translation>
    </message>
    <message>
        <source>This file is a ControlNet, which guides a model and fills nothing by itself. Use the model.</source>
        <translation>此文件是 ControlNet，只引导模型，本身不能填充。请使用模型本身。</translation>
    </message>
    <message>
        <source>This file is a LoRA, which changes a model and fills nothing by itself. Use the model.</source>
        <translation>此文件是 LoRA，只改变模型，本身不能填充。请使用模型本身。</translation>
    </message>
    <message>
        <source>The model has pickles only, which can run any program when they are read, so it was not used. Get the .safetensors files of its folder {0}.</source>
        <translation>该模型只有 pickle 文件，读取时可运行任意程序，因此未使用。请获取其文件夹 {0} 的 .safetensors 文件。</translation>
    </message>
    <message>
        <source>The model has no weights in its folder {0}. Get its .safetensors files.</source>
        <translation>该模型的文件夹 {0} 中没有权重。请获取其 .safetensors 文件。</translation>
    </message>
    <message>
        <source>There is not enough memory for this. Close other programs or mask a smaller part.</source>
        <translation>内存不足。请关闭其他程序，或蒙住较小的部分。</translation>
    </message>
    <message>
        <source>The engine stopped: {0}. Nothing was changed.</source>
        <translation>引擎已停止：{0}。没有任何更改。</translation>
    </message>
    <message>
        <source>The model file {0} was not used: {1}.</source>
        <translation>未使用模型文件 {0}：{1}。</translation>
    </message>
    <message>
        <source>it is one for training</source>
        <translation>它用于训练</translation>
    </message>
    <message>
        <source>it holds a program for a device</source>
        <translation>它含有设备程序</translation>
    </message>
    <message>
        <source>it keeps data in other files</source>
        <translation>它将数据保存在其他文件中</translation>
    </message>
    <message>
        <source>it asks for {0}, which is not of ONNX</source>
        <translation>它要求 {0}，这不属于 ONNX</translation>
    </message>
    <message>
        <source>The model could not be loaded</source>
        <translation>无法载入模型</translation>
    </message>
    <message>
        <source>The model could not be run</source>
        <translation>无法运行模型</translation>
    </message>
    <message>
        <source>There is no engine &quot;{0}&quot;. Choose one of: {1}.</source>
        <translation>没有引擎“{0}”。请选择其中之一：{1}。</translation>
    </message>
    <message>
        <source>Small and quick. Comes with Lacuna and works offline.</source>
        <translation>小巧快速。随 Lacuna 提供，可离线使用。</translation>
    </message>
    <message>
        <source>The fill could not be made</source>
        <translation>无法完成填充</translation>
    </message>
    <message>
        <source>The model file {0} cannot be read: {1}.</source>
        <translation>无法读取模型文件 {0}：{1}。</translation>
    </message>
</context>
</TS>
