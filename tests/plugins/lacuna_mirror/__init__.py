"""The engine of a package that is none of Lacuna's: fills a hole with the picture's mirror image.

This module is imported to list the engine, so it is small; ``engine`` is imported when it is used.
"""

from engines.registry import EngineSpec

ENGINE = EngineSpec(
    id="mirror",
    task="remove",
    title="Mirror",
    module="lacuna_mirror.engine",
    factory="Mirror",
    forms=((),),
    note="Fills with the mirror image of what is beside the hole.",
    seconds=0.1,
    memory=50,
    on_card=False,
)
