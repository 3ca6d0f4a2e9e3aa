"""Drives a board of `vpyboard serve --stdio`."""

from .client import Board, BoardError, BoardFailure, Recording, Trigger

__all__ = ["Board", "BoardError", "BoardFailure", "Recording", "Trigger"]
