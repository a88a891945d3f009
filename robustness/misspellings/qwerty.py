"""The rows of letters of a QWERTY keyboard, from the top. This module does not say which keys are neighbours."""

QWERTY = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
