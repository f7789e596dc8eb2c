"""What leaves the app as a file: pictures, numbers, and one bundle from which a view can be restored.

picture_file.py  figure -> PNG, SVG, PDF for paper    vector_files.py  their fonts
number_files.py  weights -> CSV, and NPZ and back
bundle.py        all of it as a ZIP with its provenance, and back
archive.py       file names, and a ZIP from a stranger, read with bounds
"""

from viz.pictures.export.archive import file_name
from viz.pictures.export.bundle import Bundle, Provenance, provenance_of, read_bundle, write_bundle
from viz.pictures.export.number_files import Stored, csv_table, fitting_layers, head_csv, read_npz, write_npz
from viz.pictures.export.picture_file import WIDTHS, Width, write_paths, write_picture

__all__ = [
    "WIDTHS",
    "Bundle",
    "Provenance",
    "Stored",
    "Width",
    "csv_table",
    "file_name",
    "fitting_layers",
    "head_csv",
    "provenance_of",
    "read_bundle",
    "read_npz",
    "write_bundle",
    "write_npz",
    "write_paths",
    "write_picture",
]
