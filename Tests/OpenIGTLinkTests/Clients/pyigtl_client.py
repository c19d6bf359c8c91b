#!/usr/bin/env python3
"""Takes what an OpenIGTLink server sends, by pyigtl, asks and commands; prints what came as JSON.

usage: pyigtl_client.py PORT

pyigtl itself knows IMAGE and STRING. STATUS, SENSOR, NDARRAY and RTS_COMMAND are added here as its documentation does it, by
classes in its table; it also leaves the checksum unread, so that is checked here with its own CRC64.
"""
import json
import struct
import sys
import time

import numpy
import pyigtl
from pyigtl import messages

wrong_checksums = []
parse_header = messages.MessageBase.parse_header
unpack = messages.MessageBase.unpack


def parse_with_checksum(header):
    fields = parse_header(header)
    fields["checksum"] = struct.unpack(">Q", header[50:58])[0]
    return fields


def unpack_with_checksum(self, fields, body):
    if messages.CRC64(body) != fields["checksum"]:
        wrong_checksums.append(fields["device_name"])
    unpack(self, fields, body)


messages.MessageBase.parse_header = staticmethod(parse_with_checksum)
messages.MessageBase.unpack = unpack_with_checksum


class Status(messages.MessageBase):
    def _unpack_content(self, content):
        code, subcode, name = struct.unpack(">Hq20s", content[:30])
        self.words = [code, subcode, name.rstrip(b"\0").decode(), content[30:].rstrip(b"\0").decode()]


class Sensor(messages.MessageBase):
    def _unpack_content(self, content):
        count, _, unit = struct.unpack(">BBQ", content[:10])
        self.words = [unit, list(struct.unpack(f">{count}d", content[10:]))]


class Array(messages.MessageBase):
    def _unpack_content(self, content):
        kind, dimensions = content[0], content[1]
        shape = struct.unpack(f">{dimensions}H", content[2:2 + 2 * dimensions])
        values = numpy.frombuffer(content[2 + 2 * dimensions:], {4: ">i2", 6: ">i4", 10: ">f4"}[kind])
        self.words = [kind, values.reshape(shape).tolist()]


class Command(messages.MessageBase):
    def __init__(self, text="", number=0, name=""):
        super().__init__(timestamp=0, device_name="asker")
        self._message_type, self._valid_message, self.header_version = "COMMAND", True, 2
        self.words = [number, name, text]

    def _pack_content(self):
        number, name, text = self.words
        return struct.pack(">I128sHI", number, name.encode(), 3, len(text)) + text.encode()

    def _unpack_content(self, content):
        number, name, encoding, length = struct.unpack(">I128sHI", content[:138])
        self.words = [number, name.rstrip(b"\0").decode(), content[138:138 + length].decode()]


messages.message_type_to_class_constructor.update(
    STATUS=Status, SENSOR=Sensor, NDARRAY=Array, RTS_COMMAND=Command)


def described(message):
    if message is None:
        return None
    words = {
        "time": message.timestamp, "metadata": message.metadata, "type": message.message_type,
        "version": message.header_version,
    }
    if message.message_type == "IMAGE":
        words["content"] = [str(message.image.dtype), message.image.tolist(), message.ijk_to_world_matrix.tolist()]
    elif message.message_type == "STRING":
        words["content"] = message.string
    else:
        words["content"] = message.words
    return words


client = pyigtl.OpenIGTLinkClient("127.0.0.1", int(sys.argv[1]))
found = {}


def wait(device):
    found[device] = described(client.wait_for_message(device, timeout=20))


# pyigtl keeps the newest message of each device, so each stream has its own.
for device in ["Spectrum", "Picture", "Marker", "Health", "Velocity", "IQ"]:
    wait(device)
# As pyigtl is: a STRING to CMD_ and a number.
client.send_message(pyigtl.StringMessage('<GetParameter Name="gateDepthMm"/>', device_name="CMD_1"))
wait("ACK_1")
command = '<Command Name="SetParameter"><Parameter Name="prfHz" Value="4000"/></Command>'
client.send_message(Command(command, 77, "SetParameter"))
wait("asker")
# From here the server speaks version 2, with metadata.
print("ready", flush=True)
wait("Later")
found["wrong checksums"] = wrong_checksums
print(json.dumps(found), flush=True)
client.stop()
