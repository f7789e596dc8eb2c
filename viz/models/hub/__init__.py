"""Models of the hub: what a download would take, the download, and what is here already.

    snapshot = cached_snapshot("bert-base-uncased")            # a Snapshot, or None; no network
    download = plan("bert-base-uncased")               # asks the hub: files, sizes, checksums, the exact commit
    snapshot = fetch(download, progress, cancelled)    # resumable, checked; a Snapshot

HF_ENDPOINT, HF_HOME, HF_HUB_CACHE, HF_HUB_OFFLINE, HF_TOKEN and proxies count as they do for the hub's client.
"""

from viz.models.hub.cache import Snapshot, cached_ids, cached_snapshot
from viz.models.hub.download_plan import Plan, plan
from viz.models.hub.fetching import Progress, fetch
from viz.models.hub.file_download import PlannedFile

__all__ = ["Plan", "PlannedFile", "Progress", "Snapshot", "cached_ids", "cached_snapshot", "fetch", "plan"]
