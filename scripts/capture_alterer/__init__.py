"""Alters captures of NVMe/TCP and makes checksums right again. See alterer.py."""
