"""Models of the hub: what a download would take, the download, and what is here already."""

from viz.models.hub.cache import Snapshot, Usable, at_hand, cached_ids
from viz.models.hub.download_plan import Plan, plan
from viz.models.hub.fetching import Progress, fetch
from viz.models.hub.file_download import PlannedFile

__all__ = ["Plan", "PlannedFile", "Progress", "Snapshot", "Usable", "at_hand", "cached_ids", "fetch", "plan"]
