"""Selections kept under a name in the document, its channels: each function is one undoable edit."""

from collections.abc import Iterable

from editor.document import select
from editor.document.geometry import NOWHERE
from editor.document.history import Part
from editor.document.model import Channel, Document, StateSwap


def save_channel(document: Document, name: str) -> Channel:
    """Keep the selection under ``name``, in the place of an earlier one of that name."""
    if not document.selection.tiles:
        raise ValueError("Nothing is selected.")
    channel = Channel(_checked(name), document.selection.snapshot())
    places = [place for place, each in enumerate(document.channels) if each.name == name]
    channels = list(document.channels)
    if places:
        channels[places[0]] = channel
    else:
        channels.append(channel)
    _set_channels(document, channels, "Save selection")
    return channel


def load_channel(document: Document, channel: Channel, how: str = "replace") -> None:
    """Select what a channel has."""
    _place(document, channel)
    select.from_plane(document, channel.image, how, "Load selection")


def delete_channel(document: Document, channel: Channel) -> None:
    place = _place(document, channel)
    _set_channels(document, document.channels[:place] + document.channels[place + 1 :], "Delete channel")


def rename_channel(document: Document, channel: Channel, name: str) -> Channel:
    """The channel under its new name. Raises ValueError if another one has it."""
    place = _place(document, channel)
    if name == channel.name:
        return channel
    if any(each.name == _checked(name) for each in document.channels):
        raise ValueError(f"There is a channel “{name}” already.")
    renamed = Channel(name, channel.image)
    channels = (*document.channels[:place], renamed, *document.channels[place + 1 :])
    _set_channels(document, channels, "Rename channel")
    return renamed


def _checked(name: str) -> str:
    if not name.strip():
        raise ValueError("A channel needs a name.")
    return name


def _place(document: Document, channel: Channel) -> int:
    for place, each in enumerate(document.channels):
        if each is channel:
            return place
    raise ValueError(f"The channel “{channel.name}” is not in this picture.")


def _set_channels(document: Document, channels: Iterable[Channel], name: str) -> None:
    values = [(document, "channels", tuple(channels))]
    document.edit(name, StateSwap(document, values, parts=Part.SELECTION, area=NOWHERE))
