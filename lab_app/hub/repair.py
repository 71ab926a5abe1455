"""Right size, wrong bytes: which part is it, when only the whole file's checksum is known?

The journal has the CRC of every part as it arrived. Each part is fetched a second time; where both agree the
part is presumed right. Where they differ it is fetched again until two of its fetches agree (two of three,
at most four), and the disk gets these bytes. What decides in the end is the checksum of the whole file: a
server that sends the same wrong bytes every time is found out, and its file never gets its final name.
Costs at most little more than the file's size again in traffic; the parts that were right stay where they are.
"""

from __future__ import annotations

import queue
import threading
import time
import zlib
from collections.abc import Callable

from lab_app.hub.source import read_range
from lab_app.hub.transfer import Transfer
from lab_app.system.errors import IntegrityError

_FETCHES = 4


def repair(transfer: Transfer, tick: Callable[[int, int], None]) -> list[int]:
    """Look at every part of a file whose checksum is wrong; returns the indices of those replaced.

    ``tick(done, total)`` gets parts. Raises LabError when the server does not let the parts be read again."""
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    for index in range(transfer.count):
        todo.put(index)
    replaced: list[int] = []
    failed: list[BaseException] = []
    looked = [0]
    lock = threading.Lock()

    def work() -> None:
        while not failed:
            try:
                index = todo.get_nowait()
            except queue.Empty:
                return
            try:
                if _settle(transfer, index):
                    with lock:
                        replaced.append(index)
            except BaseException as error:
                failed.append(error)
                return
            with lock:
                looked[0] += 1

    threads = [threading.Thread(target=work, daemon=True) for _ in range(transfer.limits.connections)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        tick(looked[0], transfer.count)
        time.sleep(0.05)
    if failed:
        raise failed[0]
    return sorted(replaced)


def _settle(transfer: Transfer, index: int) -> bool:
    """True when the part on the disk lost against two agreeing fetches and was replaced."""
    first = zlib.crc32(transfer.read(index))
    seen = [first]
    for _ in range(_FETCHES - 1):
        data = _again(transfer, index)
        crc = zlib.crc32(data)
        if crc == first:
            return False
        if crc in seen:
            transfer.write(index, data)
            return True
        seen.append(crc)
    raise IntegrityError(
        f"The server sends other bytes of {transfer.file.name} every time; the file was not accepted.",
        "Use another mirror (HF_ENDPOINT) or another network.",
    )


def _again(transfer: Transfer, index: int) -> bytes:
    start, end = transfer.span(index)
    return read_range(transfer.source, start, end, transfer.limits, transfer.control)
