#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the binary inputs that the fuzz targets begin with, beside itself: tests/fuzz/corpus/<reader>/<what it is>.

Inputs that libFuzzer found and a mended bug left behind lie among them and are not made here. Needs Pillow for the JPEGs,
which is in none of our lists of packages: python3 -m venv /tmp/pillow && /tmp/pillow/bin/pip install Pillow
"""
import gzip
import io
import json
import struct
import zlib
from pathlib import Path

from PIL import Image

here = Path(__file__).parent


def write(name, content):
    path = here / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


def idx(sizes, values, kind=8):
    return struct.pack(">HBB", 0, kind, len(sizes)) + struct.pack(f">{len(sizes)}I", *sizes) + bytes(values)


pictures = idx([2, 2, 3], range(12))
write("idx/two-pictures", pictures)
write("idx/two-labels", idx([2], [1, 0]))
write("idx/two-colour-pictures", idx([2, 3, 2, 2], range(24)))
write("idx/two-pictures-packed", gzip.compress(pictures, mtime=0))
write("idx/announces-more-than-it-holds", idx([2**31, 28, 28], range(12)))
write("idx/size-overflows-64-bits", idx([2**32 - 1, 2**32 - 1, 2**32 - 1], range(12)))
write("idx/no-pictures", idx([0, 28, 28], []))
write("idx/floats", idx([1, 1, 1], [0, 0, 0, 0], kind=0x0D))


def cifar(*labels):
    return b"".join(bytes(label) + bytes([40 * channel for channel in range(3) for _ in range(1024)]) for label in labels)


write("cifar/one-record-of-10-classes", cifar([3]))
write("cifar/no-such-class-then-a-good-one", cifar([10], [9]))
write("cifar/one-record-of-100-classes", cifar([4, 99]))
write("cifar/cut-off", cifar([3], [4])[:4000])
write("cifar/ten-names", "\n".join("a b c d e f g h i j".split()).encode())


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width, height, depth, colour, rows, interlace=0, before=b""):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before
            + chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + chunk(b"IEND", b""))


def rows(bytes_a_row, height):
    """Each with another filter."""
    return [bytes([y % 5]) + bytes((7 * y + 11 * x) % 256 for x in range(bytes_a_row)) for y in range(height)]


colour = png(6, 5, 8, 2, rows(18, 5))
write("png/colour.png", colour)
write("png/grey.png", png(6, 5, 8, 0, rows(6, 5)))
write("png/grey-1-bit.png", png(9, 3, 1, 0, rows(2, 3)))
write("png/grey-16-bit.png", png(3, 3, 16, 0, rows(6, 3)))
write("png/grey-and-alpha.png", png(3, 3, 8, 4, rows(6, 3)))
write("png/colour-and-alpha-16-bit.png", png(2, 2, 16, 6, rows(16, 2)))
write("png/palette-with-a-clear-colour.png",
      png(4, 2, 2, 3, rows(1, 2), before=chunk(b"PLTE", bytes(range(12))) + chunk(b"tRNS", b"\xff\x00")))
write("png/interlaced.png", png(1, 1, 8, 0, [b"\x00\x50"], interlace=1))
write("pictures/whole.png", colour)
write("pictures/one-row.png", png(6, 1, 8, 2, rows(18, 1)))
write("pictures/cut-off.png", colour[:-25])
write("pictures/neither-png-nor-jpeg", b"GIF89a")
write("pictures/empty", b"")
write("png/cut-off.png", colour[:-25])
write("png/wrong-checksum.png", colour[:45] + b"\x00" + colour[46:])
write("png/announces-a-hundred-million-pixels.png", png(10000, 10000, 8, 2, rows(18, 5)))
write("png/announces-a-row-of-four-billion.png", png(2**32 - 1, 1, 8, 2, rows(18, 1)))


def jpeg(mode, **options):
    image = Image.new(mode, (20, 12))
    for x in range(20):
        for y in range(12):
            value = (13 * x * y) % 256
            image.putpixel((x, y), value if mode == "L" else (value, 10 * x, 10 * y, 0)[:len(mode)])
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


plain = jpeg("RGB", quality=80)
write("jpeg/colour.jpg", plain)
write("pictures/colour.jpg", plain)
write("jpeg/colour-without-subsampling.jpg", jpeg("RGB", quality=95, subsampling=0, optimize=True))
write("jpeg/grey.jpg", jpeg("L", quality=60))
write("jpeg/progressive.jpg", jpeg("RGB", quality=60, progressive=True))
write("jpeg/with-restarts.jpg", jpeg("RGB", quality=60, restart_marker_blocks=1))
write("jpeg/for-printing.jpg", jpeg("CMYK", quality=60))
write("jpeg/cut-off.jpg", plain[:-30])
at = plain.index(b"\xff\xc0") + 5
write("jpeg/announces-a-hundred-million-pixels.jpg", plain[:at] + struct.pack(">HH", 10000, 10000) + plain[at + 4:])
progressive = jpeg("RGB", quality=60, progressive=True)
at = progressive.index(b"\xff\xc2") + 5
write("jpeg/progressive-announces-a-hundred-million-pixels.jpg",
      progressive[:at] + struct.pack(">HH", 10000, 10000) + progressive[at + 4:])

packed = gzip.compress(b"one two three two one " * 4, mtime=0)
write("gzip/plain-text", b"not packed at all\n")
write("gzip/packed.gz", packed)
write("gzip/two-members.gz", packed + gzip.compress(b"more", mtime=0))
write("gzip/followed-by-garbage.gz", packed + b"garbage")
write("gzip/cut-off.gz", packed[:-10])
write("gzip/wrong-checksum.gz", packed[:-8] + b"\0\0\0\0" + packed[-4:])
write("gzip/a-thousandfold.gz", gzip.compress(bytes(4_000_000), mtime=0))


def safetensors(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def tensor(dtype, shape, begin, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


write("safetensors/two-tensors-and-metadata", safetensors(
    {"__metadata__": {"format": "pt"}, "weight": tensor("F32", [2, 1], 0, 8), "steps": tensor("I64", [], 8, 16)}, bytes(16)))
write("safetensors/no-tensors", safetensors({}))
write("safetensors/empty-tensor", safetensors({"a": tensor("BF16", [0, 5], 0, 0)}))
write("safetensors/overlap", safetensors({"a": tensor("U8", [4], 0, 4), "b": tensor("U8", [4], 2, 6)}, bytes(6)))
write("safetensors/gap", safetensors({"a": tensor("U8", [2], 2, 4)}, bytes(4)))
write("safetensors/size-overflows-64-bits", safetensors({"a": tensor("F64", [2**32, 2**32], 0, 8)}, bytes(8)))
write("safetensors/empty-with-a-side-beyond-63-bits", safetensors({"a": tensor("U8", [0, 2**64 - 1], 0, 0)}))
write("safetensors/header-longer-than-the-file", struct.pack("<Q", 99_999_999) + b"{}")
write("safetensors/header-is-deeply-nested", safetensors(b"[" * 5000 + b"]" * 5000))


def picture_cache(*pictures, index_bytes=None):
    """pictures: name, channels, height, width, pixels"""
    size = sum(4 + len(name) + 32 + 64 + 20 + 12 for name, *_ in pictures)
    index, pixels, offset = b"", b"", 40 + size
    for name, channels, height, width, values in pictures:
        index += struct.pack("<I", len(name)) + name + struct.pack("<4q", len(values), 1, 1, 1) + b"0" * 64
        index += struct.pack("<5i", width, height, channels, height, width) + struct.pack("<QI", offset, zlib.crc32(values))
        pixels += values
        offset += len(values)
    return struct.pack("<8sqQQII", b"DESCPIC1", 1, len(pictures), size if index_bytes is None else index_bytes, zlib.crc32(index), 0) + index + pixels


write("picture_cache/two-pictures", picture_cache((b"a.png", 1, 2, 3, bytes(range(6))), (b"b.png", 3, 2, 2, bytes(range(12)))))
write("picture_cache/larger-than-the-file", picture_cache((b"a.png", 3, 16384, 16384, bytes(6))))
write("picture_cache/sides-below-zero", picture_cache((b"a.png", 3, -2, -2, bytes(12))))
write("picture_cache/index-longer-than-the-file", picture_cache((b"a.png", 1, 2, 3, bytes(6)), index_bytes=2**63))


def field(number, content):
    """A field of a Protocol Buffers message: a message or text, a whole number, or a double."""
    if isinstance(content, float):
        return bytes([number << 3 | 1]) + struct.pack("<d", content)
    if isinstance(content, int):
        assert 0 <= content < 128
        return bytes([number << 3, content])
    return bytes([number << 3 | 2, len(content)]) + content


def crc32c(content):
    crc = 0xFFFFFFFF
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def record(event):
    length = struct.pack("<Q", len(event))
    return length + struct.pack("<I", crc32c(length)) + event + struct.pack("<I", crc32c(event))


def event(value, step=3):
    return field(1, 1.7e9) + field(2, step) + field(5, field(1, value))


simple = event(field(1, b"loss") + b"\x15" + struct.pack("<f", 0.5))
double = event(field(1, b"loss") + field(8, field(1, 2) + field(2, b"") + field(6, struct.pack("<d", 0.1))))
content = event(field(1, b"a") + field(8, field(1, 1) + field(4, struct.pack("<f", 0.25))))
lr = field(1, b"lr") + field(2, field(2, 0.1))
flag = field(1, b"nesterov") + field(2, field(4, 1))
start = field(3, field(1, lr) + field(1, flag))
plugin = field(9, field(1, field(1, b"hparams") + field(2, start)))
write("event_file/simple-value", simple)
write("event_file/double-in-a-tensor", double)
write("event_file/float-as-bytes", content)
write("event_file/hyperparameters", event(field(1, b"_hparams_/session_start_info") + plugin))
write("event_file/end-of-a-session", event(field(9, field(1, field(1, b"hparams") + field(2, field(4, field(1, 1)))))))
write("event_file/a-file", record(field(3, b"brain.Event:2")) + record(simple) + record(double))
write("event_file/a-file-cut-short", (record(simple) + record(double))[:-7])
write("event_file/a-wrong-checksum", record(simple)[:-1] + b"?" + record(double))
write("event_file/longer-than-anything", struct.pack("<Q", 2**62) + struct.pack("<I", crc32c(struct.pack("<Q", 2**62))))
