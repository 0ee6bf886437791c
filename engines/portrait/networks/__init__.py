"""Networks of the portrait engine, written anew from their papers."""
