"""Dialogs of a few rows that ask how an edit is to be made; each is made when it is first asked for."""
