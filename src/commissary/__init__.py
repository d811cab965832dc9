"""Commissary 券厨: the central kitchen of digital goods. See ARCHITECTURE.md."""

__version__ = "0.1.0"
