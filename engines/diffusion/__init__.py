"""Filling with diffusion models: networks and schedulers are those of diffusers, all else is in here.

A request (``requests``) names a model (``checkpoints``, ``loading``) and regions of the photograph. Each is
made a square that the model sees (``framing``), goes through the sampling loop (``sampling``, with
``schedules``, ``guidance`` and the papers' ``rules``) and comes back as pixels for its target alone
(``engine``).
"""
