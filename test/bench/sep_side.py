"""sep's share of the bench: reads a 16-bit FITS file, subtracts the background and extracts, timed by CPU clock."""
import json
import resource
import sys
import time

import numpy as np
import sep

sep.set_extract_pixstack(2_000_000)


def read(path):
    with open(path, "rb") as file:
        header = b""
        while b"END" + b" " * 77 not in header:
            header += file.read(2880)
        cards = {header[i : i + 8].decode().strip(): header[i + 10 : i + 80].decode() for i in range(0, len(header), 80)}
        width, height = (int(cards[name].split("/")[0]) for name in ("NAXIS1", "NAXIS2"))
        data = np.fromfile(file, dtype=">i2", count=width * height)
    pixels = data.astype(np.float32)
    pixels += 32768
    return pixels.reshape(height, width)


for line in sys.stdin:
    question = json.loads(line)
    cpu, wall = time.process_time(), time.monotonic()
    pixels = read(question["path"])
    background = sep.Background(pixels)
    background.subfrom(pixels)
    found = sep.extract(pixels, question["threshold"], err=background.globalrms)
    used = {"cpu": time.process_time() - cpu, "wall": time.monotonic() - wall}
    used["peakMiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if question.get("list"):
        used["x"] = found["x"].round(4).tolist()
        used["y"] = found["y"].round(4).tolist()
        bright = found[(found["flag"] == 0) & (found["flux"] > np.percentile(found["flux"], 70))] if len(found) else found
        used["fwhm"] = float(np.median(2.3548 * np.sqrt(bright["a"] * bright["b"]))) if len(bright) else None
    print(json.dumps(used), flush=True)
