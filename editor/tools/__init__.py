"""What a press, a move and a release mean. No Qt: the canvas hands in points of the picture."""
