"""Bitmaps on pages; removed whole, one step later."""
