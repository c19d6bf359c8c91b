"""The client's reading of pieces and frames, against bytes that were made by hand from Pieces.md and RFC 6455."""
import math
import socket
import struct
import threading
import unittest

import rig  # noqa: F401: where the client is
import dopplerbridge
from dopplerbridge import Columns, Ended, Live, NotAPiece, Physiology, Picture, Profile, Sound, joined, piece

# Two columns of four bins at a PRF of 2 kHz, 16 pulses apart from pulse 320: the second one is missing.
COLUMNS = bytes.fromhex(
    "01 01"                    # columns, version 1
    "0400 0200 0300"           # 4 bins, 2 columns, gate 3
    "80841e00"                 # PRF 2,000,000 mHz
    "10000000"                 # 16 pulses from one to the next
    "4001000000000000"         # first pulse 320
    "07000000"                 # piece number 7
    "000000c3 0000003f"        # -128 dB, 0.5 dB
    "0000000000408f40"         # 1000 ms
    "0040 ff7f 0080 0100"      # mean +16384, towards +32767, away not measured, aliased
    "00 01 80 ff"              # -128, -127.5, -64, -0.5 dB
    "0080 0080 0080 0080"      # nothing measured; missing
    "00 00 00 00")


def columns_at(pulse, count, level):
    """A piece of columns of 2 bins, one pulse a column at 1 kHz, all alike."""
    head = struct.pack("<BBHHHIIQIffd", 1, 1, 2, count, 0, 1_000_000, 1, pulse, 0, -128, 0.5, 0)
    return piece(head + struct.pack("<hhhHBB", level, level, level, 0, level, level) * count)


class Pieces(unittest.TestCase):
    def test_columns_have_units_and_keep_what_is_missing(self):
        found = piece(COLUMNS)
        self.assertIsInstance(found, Columns)
        self.assertEqual((found.bins, len(found), found.gate, found.prf_hz), (4, 2, 3, 2000))
        self.assertEqual((found.hop_pulses, found.first_pulse, found.number, found.newest_ms), (16, 320, 7, 1000))
        self.assertEqual(found.mean_hz[0], 500)
        self.assertAlmostEqual(found.towards_hz[0], 32767 / 65536 * 2000)
        self.assertTrue(math.isnan(found.away_hz[0]))
        self.assertEqual(list(found.power_db[:4]), [-128, -127.5, -64, -0.5])
        self.assertTrue(all(math.isnan(value) for value in found.power_db[4:]))
        self.assertTrue(math.isnan(found.mean_hz[1]))
        self.assertEqual(found.has("aliased"), [True, False])
        self.assertEqual(found.has("missing"), [False, True])
        self.assertEqual(list(found.seconds), [0.16, 0.168])
        self.assertEqual(list(found.frequencies_hz), [-1000, -500, 0, 500])
        velocities = found.velocity_cm_per_s(found.mean_hz, 60)
        self.assertEqual(velocities[0], 30)
        self.assertTrue(math.isnan(velocities[1]))

    def test_power_is_a_matrix_for_numpy(self):
        try:
            import numpy
        except ImportError:
            self.skipTest("skipped: no numpy")
        matrix = piece(COLUMNS).matrix()
        self.assertEqual(matrix.shape, (2, 4))
        self.assertEqual(matrix[0].tolist(), [-128, -127.5, -64, -0.5])
        self.assertTrue(numpy.isnan(matrix[1]).all())

    def test_a_profile(self):
        data = bytes.fromhex("02 01 0200 10270000 f4010000 0500000000000000 0020 0080 06 00")
        found = piece(data)
        self.assertIsInstance(found, Profile)
        self.assertEqual(list(found.depths_mm), [10, 10.5])
        self.assertEqual((found.first_pulse, found.mean_share[0], list(found.power_db)), (5, 0.125, [3, 0]))
        self.assertTrue(math.isnan(found.mean_share[1]))

    def test_a_picture_names_the_lines_that_are_missing(self):
        data = bytes.fromhex(
            "03 01 0300 0200 0100 0900000000000000 0000a041 0000003f" "0a14 1e28 0000" "0200 0100")
        found = piece(data)
        self.assertIsInstance(found, Picture)
        self.assertEqual((found.lines, found.samples_per_line, found.pulse), (3, 2, 9))
        self.assertEqual((found.depth_mm, found.line_pitch_mm), (20, 0.5))
        self.assertEqual((found.brightness, found.missing_lines), (bytes([10, 20, 30, 40, 0, 0]), (2,)))

    def test_sound_and_physiology(self):
        sound = piece(bytes.fromhex("04 01 0200 80bb0000 0a00000000000000 0000000000408f40" "ff7f 0000 0180 ff7f"))
        self.assertIsInstance(sound, Sound)
        self.assertEqual((sound.rate_hz, sound.first_frame, sound.newest_ms), (48000, 10, 1000))
        self.assertEqual((list(sound.towards), list(sound.away)), ([1, -1], [0, 1]))
        body = piece(bytes.fromhex("05 01 0100 400d0300 0b00000000000000" "ff7f 0180"))
        self.assertIsInstance(body, Physiology)
        self.assertEqual((body.rate_hz, body.pulse, list(body.ecg), list(body.respiration)), (200, 11, [1], [-1]))

    def test_what_is_cut_off_or_longer_or_of_another_kind_is_no_piece(self):
        whole = [COLUMNS, bytes.fromhex("02 01 0100 10270000 f4010000 0500000000000000 0020 06"),
                 bytes.fromhex("04 01 0100 80bb0000 0a00000000000000 0000000000408f40 ff7f 0000")]
        for data in whole:
            piece(data)
            for length in range(len(data)):
                with self.assertRaises(NotAPiece, msg=f"{length} of {len(data)} bytes"):
                    piece(data[:length])
            with self.assertRaises(NotAPiece):
                piece(data + b"\0")
        for first in (b"\x00\x01", b"\x06\x01", b"\x01\x02"):
            with self.assertRaises(NotAPiece):
                piece(first + COLUMNS[2:])
        with self.assertRaises(NotAPiece, msg="a PRF of 0 has no seconds"):
            piece(COLUMNS[:8] + bytes(4) + COLUMNS[12:])

    def test_live_pieces_are_joined_with_their_gap(self):
        whole = joined([columns_at(100, 2, 1), columns_at(104, 1, 2)])
        self.assertEqual((whole.first_pulse, len(whole)), (100, 5))
        self.assertEqual(whole.has("missing"), [False, False, True, True, False])
        self.assertEqual([math.isnan(value) for value in whole.mean_hz], [False, False, True, True, False])
        self.assertEqual(whole.power_db[8], -127)
        self.assertTrue(math.isnan(whole.power_db[4]) and len(whole.power_db) == 10)

    def test_pieces_of_two_runs_are_not_joined(self):
        with self.assertRaises(ValueError):
            joined([columns_at(100, 2, 1), columns_at(0, 2, 1)])
        with self.assertRaises(ValueError):
            joined([columns_at(0, 2, 1), columns_at(1 << 60, 2, 1)])


class Frames(unittest.TestCase):
    """The live connection over a pair of sockets: what comes is what was made by hand."""

    def setUp(self):
        self.live = Live.__new__(Live)
        self.live._socket, self.far = socket.socketpair()
        self.live._buffer = b""
        self.addCleanup(self.live.close)
        self.addCleanup(self.far.close)

    def test_frames_of_every_length_come_in_whole(self):
        event = b'{"event":"patients","pad":"' + b"x" * 200 + b'"}'
        data = COLUMNS[:4] + b"\xff\x3f" + COLUMNS[6:44] + COLUMNS[44:56] * 16383
        frames = (b'\x81\x15{"event": "patients"}' + b"\x81\x7e" + struct.pack(">H", len(event)) + event
                  + b"\x82\x7f" + struct.pack(">Q", len(data)) + data)
        threading.Thread(target=self.far.sendall, args=(frames,), daemon=True).start()
        self.assertEqual(self.live.next(5), {"event": "patients"})
        self.assertEqual(self.live.next(5)["pad"], "x" * 200)
        self.assertEqual(len(self.live.next(5)), 16383)

    def test_nothing_of_a_frame_is_lost_while_its_end_has_not_come(self):
        frame = b'\x81\x13{"event": "outbox"}'
        for byte in frame[:-1]:
            self.far.sendall(bytes([byte]))
            with self.assertRaises(TimeoutError):
                self.live.next(0.001)
        self.far.sendall(frame[-1:])
        self.assertEqual(self.live.next(5), {"event": "outbox"})

    def test_a_ping_is_answered_with_a_masked_pong(self):
        self.far.sendall(b"\x89\x02hi" + b'\x81\x13{"event": "device"}')
        self.assertEqual(self.live.next(5), {"event": "device"})
        pong = self.far.recv(64)
        self.assertEqual((pong[:2], len(pong)), (b"\x8a\x82", 8))
        self.assertEqual(bytes(byte ^ pong[2 + i] for i, byte in enumerate(pong[6:])), b"hi")

    def test_the_end_and_what_is_too_long_end_it(self):
        self.far.sendall(b"\x88\x00")
        with self.assertRaises(Ended):
            self.live.next(5)
        self.far.sendall(b"\x82\x7f" + struct.pack(">Q", 1 << 40))
        with self.assertRaises(Ended):
            self.live.next(5)
        self.far.close()
        self.live._buffer = b""
        self.assertEqual(list(self.live), [])


class Words(unittest.TestCase):
    def test_a_refusal_says_what_is_wrong_and_what_to_do(self):
        refused = dopplerbridge._refusal(409, b'{"error": {"what": "no exam is open", "next": "begin an exam"}}')
        self.assertEqual((refused.status, refused.what, refused.next), (409, "no exam is open", "begin an exam"))
        self.assertEqual(str(refused), "no exam is open: begin an exam")

    def test_a_refusal_for_people_and_none_at_all_are_read_too(self):
        self.assertEqual(str(dopplerbridge._refusal(403, b"This link was used.\nAsk for a new one.\n")),
                         "This link was used.: Ask for a new one.")
        self.assertEqual(str(dopplerbridge._refusal(502, b"")), "the console answered 502")

    def test_what_is_no_link_is_said(self):
        for text in ("", "localhost:8080", "file:///etc/passwd"):
            with self.assertRaises(ValueError):
                dopplerbridge.Console(text)


if __name__ == "__main__":
    unittest.main()
