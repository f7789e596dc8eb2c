"""All tests run without the settings of whoever runs them, and with no hub but those that tests start."""

import os
import tempfile

for name in [name for name in os.environ if name.startswith("ATTENTION_ATLAS_")]:
    del os.environ[name]
# The hub's client reads these once, when it is imported: a port where nothing listens, and a cache of our own.
os.environ["HF_ENDPOINT"] = "http://127.0.0.1:9"
os.environ["HF_HOME"] = tempfile.mkdtemp(prefix="atlas-tests-hub-")
