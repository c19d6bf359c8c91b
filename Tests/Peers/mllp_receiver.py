#!/usr/bin/env python3
"""An MLLP receiver with faults: counts copies by MSH-10 and reads each message with python-hl7 and hl7apy.

--plan and --faults are for messages: AA, AE, AR, silence, half (half an answer, then closed), wrong-id, slow:SECONDS,
garbage, drop (closed, not kept), after (kept, then closed without an answer), two (split in two packets), trickle (a byte
of the answer every 50 ms).
"""
import socket
import threading
import time

import hl7
from hl7apy.parser import parse_message

import peer

START, END = b"\x0b", b"\x1c\x0d"


def answer(code, identifier, ours):
    text = (f"MSH|^~\\&|EHR|CLINIC|DOPPLERBRIDGE|LAB|20260101000000||ACK^R01^ACK|{ours}|P|2.5.1||||||UNICODE UTF-8\r"
            f"MSA|{code}|{identifier}\r")
    if code in ("AE", "AR"):
        text += f"ERR|||{'101' if code == 'AE' else '200'}^as planned^HL70357|E\r"
    return START + text.encode() + END


def problems(text):
    """What two independent readers do not like."""
    found = []
    try:
        message = hl7.parse(text)
        if str(message.segment("MSH")[9]).split("^")[0] != "ORU":
            found.append("MSH-9 is not ORU")
        if not str(message.segment("MSH")[10]):
            found.append("MSH-10 is empty")
    except Exception as error:
        found.append(f"python-hl7: {error}")
    try:
        parse_message(text, find_groups=False)
    except Exception as error:
        found.append(f"hl7apy: {error}")
    return found


class Receiver:
    def __init__(self, options):
        self.events = peer.Events(options.directory)
        self.plan = peer.Plan(options)
        self.count = 0

    def serve(self, connection):
        buffer = b""
        try:
            while True:
                while END not in buffer:
                    more = connection.recv(65536)
                    if not more:
                        return
                    buffer += more
                frame, buffer = buffer.split(END, 1)
                if not frame.startswith(START):
                    self.events.say("unframed", count=len(frame))
                    return
                if not self.answer(connection, frame[1:]):
                    return
        except OSError:
            return
        finally:
            connection.close()

    def answer(self, connection, frame):
        name, argument = self.plan.next()
        text = frame.decode("utf-8", "replace")
        fields = text.split("\r", 1)[0].split("|")
        identifier = fields[9] if len(fields) > 9 else ""
        self.count += 1
        ours = f"ACK{self.count}"
        if name not in ("ok", "AA"):
            self.events.say("fault", fault=name, about=identifier)
        if name in ("ok", "AA", "after", "slow", "wrong-id", "half", "silence", "garbage", "two", "trickle"):
            # These keep the message: the sender cannot know, and sends it again under the same MSH-10.
            self.events.keep("message", identifier, frame, ".hl7", problems=problems(text))
        if name in ("drop", "after"):
            return False
        if name == "silence":
            time.sleep(float(argument or 30))
            return False
        if name == "slow":
            time.sleep(float(argument))
        if name == "garbage":
            connection.sendall(START + b"this is no acknowledgement" + END)
            return True
        reply = answer({"AE": "AE", "AR": "AR"}.get(name, "AA"), "0" if name == "wrong-id" else identifier, ours)
        if name == "half":
            connection.sendall(reply[:len(reply) // 2])
            return False
        if name == "trickle":
            for byte in reply:
                connection.sendall(bytes([byte]))
                time.sleep(0.05)
            return True
        if name == "two":
            connection.sendall(reply[:7])
            time.sleep(0.05)
            reply = reply[7:]
        connection.sendall(reply)
        return True


def main():
    options = peer.arguments(__doc__).parse_args()
    receiver = Receiver(options)
    context = peer.tls(options)
    listener = socket.create_server(("127.0.0.1", options.port), backlog=20)

    def greet(connection):
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if context:
                connection = context.wrap_socket(connection, server_side=True)
        except OSError as error:
            receiver.events.say("handshake", error=str(error))
            return
        receiver.serve(connection)

    peer.ready(listener.getsockname()[1])
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=greet, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
