"""How the first guess of a face's latent (engines/portrait/encoder.py) is learnt, without a GPU.

    python packaging/train_encoder STEP FOLDER [options]

sample    faces of the generator's own, whose latents are known: FOLDER/samples-*.npz
features  what frozen networks see in them, after damage as photographs have it: FOLDER/features-*.npz
fit       the regression from those to latents: FOLDER/portrait-encoder.safetensors
evaluate  LPIPS and identity of what the generator makes of the guesses and of the mean latent; contact sheets

Needed: the packs of the portrait engine (`main.py models install`), and OpenVINO for the sampling. `sample`
and `features` stop after nine minutes and go on where they stopped when they are called again. Nobody's
photograph is learnt from; `evaluate` may be given some.
"""
