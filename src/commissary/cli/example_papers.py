"""The files of the example mall's suppliers: every paper that a Chinese company is asked for, and letters from its brands."""

from commissary.sandbox import authorise, open_supplier

__all__ = ["authorise", "open_supplier"]
