"""The software that runs an information trust. Start with ARCHITECTURE.md."""

__version__ = "0.1.0"
