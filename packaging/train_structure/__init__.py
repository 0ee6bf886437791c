"""The parts of packaging/train_lines.py, which teaches MI-GAN to follow lines."""
