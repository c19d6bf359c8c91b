#!/usr/bin/env python3
"""Reads an ultrasound image's calibrated region: where the brightest row lies in cm/s, and where columns are missing.

Usage: check_us.py IMAGE.dcm VELOCITY FIRST_GAP END_GAP SECONDS_PER_COLUMN FIRST_SECONDS
"""
import sys

import pydicom

dataset = pydicom.dcmread(sys.argv[1])
velocity, first_gap, end_gap, step, start = map(float, sys.argv[2:7])
problems = []


def check(holds, what):
    if not holds:
        problems.append(what)


region = dataset.SequenceOfUltrasoundRegions[0]
columns, rows = dataset.Columns, dataset.Rows
check((region.RegionSpatialFormat, region.RegionDataType) == (3, 3), "not a pulsed spectrum")
check((region.PhysicalUnitsXDirection, region.PhysicalUnitsYDirection) == (4, 7), "not seconds and cm/s")
check((region.RegionLocationMinX0, region.RegionLocationMinY0, region.RegionLocationMaxX1, region.RegionLocationMaxY1)
      == (0, 0, columns - 1, rows - 1), "the region is not the picture")
check(region.PhysicalDeltaY < 0, "velocity does not rise upwards")
check(abs(region.PhysicalDeltaX - step) < 1e-9, f"{region.PhysicalDeltaX} s a column")
check(abs(region.ReferencePixelPhysicalValueX - start) < 1e-9, f"begins at {region.ReferencePixelPhysicalValueX} s")
check(dataset.PhotometricInterpretation == "RGB" and dataset.BurnedInAnnotation == "NO", "RGB without text")
pixels = dataset.PixelData


def pixel(x, y):
    place = (y * columns + x) * 3
    return tuple(pixels[place:place + 3])


gaps = [x for x in range(columns) if len(set(pixel(x, 0))) > 1]
check(gaps == list(range(int(first_gap), int(end_gap))), f"columns without samples: {gaps}")
x = (gaps[-1] + 5) if gaps else 0
brightest = max(range(rows), key=lambda y: pixel(x, y)[0])
found = region.ReferencePixelPhysicalValueY + (brightest - region.ReferencePixelY0) * region.PhysicalDeltaY
check(abs(found - velocity) < 1e-6, f"the brightest row is {found} cm/s, not {velocity}")
print("\n".join(problems) if problems else f"{found:.3f} cm/s at the brightest row")
sys.exit(1 if problems else 0)
