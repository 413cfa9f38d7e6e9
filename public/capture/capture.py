#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes the page-table facts of a running process as JSON, for Walkscope.

    sudo python3 capture.py PID [START-END | all-anon | heap] > capture.json

Reads /proc/PID/{maps,smaps,pagemap,mountinfo} and, as root, /proc/kpageflags and /proc/kpagecount.
It never reads what the memory holds. Needs Python 3.6 and nothing else. See README.md beside it.
"""

import argparse
import array
import json
import os
import signal
import struct
import sys
import time

VERSION = 1
PAGE = 4096
BLOCK = 512  # page frames that are looked up together: one 2 MiB area of physical memory
CHUNK = 1 << 16  # pagemap entries read at once

# Bits of a word of /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst).
PM_FRAME = (1 << 55) - 1
PM_BITS = (
    (63, "present"),
    (62, "swapped"),
    (61, "file-or-shared"),
    (55, "soft-dirty"),
    (56, "exclusive"),
    (57, "uffd-wp"),
    (58, "guard"),
)
PM_PRESENT, PM_SWAPPED, PM_SOFT_DIRTY = 1 << 63, 1 << 62, 1 << 55
PM_KNOWN = sum(1 << bit for bit, _ in PM_BITS)
PM_SOMETHING = PM_KNOWN & ~PM_SOFT_DIRTY & ~(1 << 61) & ~(1 << 56)

# Bits of a word of /proc/kpageflags that are worth keeping.
KPF_HEAD, KPF_TAIL = 1 << 15, 1 << 16
KPF_BITS = (
    (0, "locked"),
    (4, "dirty"),
    (5, "lru"),
    (8, "writeback"),
    (12, "anon"),
    (13, "swapcache"),
    (14, "swapbacked"),
    (17, "hugetlb"),
    (18, "unevictable"),
    (19, "hwpoison"),
    (21, "ksm"),
    (22, "thp"),
    (24, "zero"),
    (33, "mlocked"),
)
KPF_KNOWN = sum(1 << bit for bit, _ in KPF_BITS)
KPF_OF_ONE_PAGE = 1 << 19  # all others are kept for a folio as a whole
KPF_KSM, KPF_ZERO = 1 << 21, 1 << 24

# PAGEMAP_SCAN (Linux 6.7): which stretches of a range hold anything, and which of them a PMD entry maps.
PAGEMAP_SCAN = 0xC0606610
SCAN_PRESENT, SCAN_SWAPPED, SCAN_ZERO, SCAN_HUGE, SCAN_GUARD = 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 8

SMAPS = (
    "KernelPageSize", "Rss", "Pss", "Shared_Clean", "Shared_Dirty", "Private_Clean", "Private_Dirty", "Referenced",
    "Anonymous", "KSM", "LazyFree", "AnonHugePages", "ShmemPmdMapped", "FilePmdMapped", "Shared_Hugetlb",
    "Private_Hugetlb", "Swap", "SwapPss", "Locked",
)
SPECIAL_NAMES = ("[vdso]", "[vvar", "[vsyscall]", "[uprobes]", "[sigpage]", "[vectors]")
SHMEM_NAMES = ("/dev/zero", "/SYSV", "/memfd:", "/dev/shm/", "[anon_shmem:")


def fail(message):
    sys.exit("capture.py: " + message)


def words(file, first, count):
    """64-bit words [first, first + count) of an open /proc file; fewer where it ends."""
    data = os.pread(file, count * 8, first * 8)
    return array.array("Q", data[: len(data) // 8 * 8])


def open_or_none(path):
    """An open file from which a word can be read, or None."""
    try:
        file = os.open(path, os.O_RDONLY)
        if len(os.pread(file, 8, 8)) == 8:
            return file
        os.close(file)
    except OSError:
        pass
    return None


class Frames:
    """What is known of page frames, read in blocks."""

    def __init__(self, flags, counts, kept=KPF_KNOWN):
        self.flags_file, self.counts_file, self.kept = flags, counts, kept
        self.known = {}
        self.numbers = {}

    def look(self, frame):
        """(flags, order, mappings) of a page frame; flags None and mappings -1 when unknown."""
        block = self.known.get(frame >> 9)
        if block is None:
            block = self.known[frame >> 9] = self.read(frame & ~(BLOCK - 1))
        flags, orders, counts = block
        i = frame & (BLOCK - 1)
        return (
            flags[i] if i < len(flags) else None,
            orders[i] if i < len(orders) else 0,
            counts[i] if i < len(counts) else -1,
        )

    def read(self, first):
        counts = words(self.counts_file, first, BLOCK) if self.counts_file is not None else ()
        if self.flags_file is None:
            return (), (), counts
        raw = words(self.flags_file, first, BLOCK + 1)
        size = min(len(raw), BLOCK)
        flags, orders = [f & self.kept for f in raw[:size]], [0] * size
        i = 0
        while i < size:
            if not raw[i] & (KPF_HEAD | KPF_TAIL):
                i += 1
                continue
            n = 1
            while i + n < len(raw) and raw[i + n] & KPF_TAIL:
                n += 1
            # A folio that leaves the block is larger than 2 MiB: order 10 stands for that.
            order = 10 if n > BLOCK or raw[i] & KPF_TAIL else n.bit_length() - 1
            for page in range(i, min(i + n, size)):
                orders[page] = order
                flags[page] = (flags[i] & ~KPF_OF_ONE_PAGE) | (flags[page] & KPF_OF_ONE_PAGE)
            i += n
        return flags, orders, counts

    def number(self, frame):
        """A number for the frame that hides where it is: 2 MiB areas are counted as they come, the place inside is kept."""
        return self.numbers.setdefault(frame >> 9, len(self.numbers)) << 9 | frame & (BLOCK - 1)


class States:
    """The table of all different page states."""

    def __init__(self):
        self.table = []
        self.known = {}

    def index(self, key):
        """Number of the state (pagemap word without frame, huge, zero, swap type, flags, order, mappings)."""
        i = self.known.get(key)
        if i is None:
            i = self.known[key] = len(self.table)
            self.table.append(self.describe(*key))
        return i

    @staticmethod
    def describe(word, huge, zero, swap, flags, order, maps):
        bits = [name for bit, name in PM_BITS if word >> bit & 1]
        state = {"map": bits + ["pmd"] * huge + ["zero"] * zero}
        if swap >= 0:
            state["swapType"] = swap
        if flags is not None:
            state["flags"] = [name for bit, name in KPF_BITS if flags >> bit & 1]
        if order > 0:
            state["order"] = order
        if maps >= 0:
            state["maps"] = maps
        return state


class Full(Exception):
    """A limit was reached at this address."""


class Capture:
    def __init__(self, pid, options):
        self.options = options
        try:
            self.pagemap = os.open("/proc/%d/pagemap" % pid, os.O_RDONLY)
        except OSError as error:
            fail("cannot read /proc/%d/pagemap: %s" % (pid, error.strerror))
        written = array.array("B", b"x" * (1 << 20))
        own = self.own_word(written)
        self.frames_seen = bool(own & PM_FRAME)
        flags = open_or_none("/proc/kpageflags") if self.frames_seen else None
        counts = open_or_none("/proc/kpagecount") if self.frames_seen else None
        self.frames = Frames(flags, counts)
        # Some kernels (6.12 is one) call every anonymous page a KSM page; this script has none.
        false_ksm = flags is not None and bool((self.frames.look(own & PM_FRAME)[0] or 0) & KPF_KSM)
        if false_ksm:
            self.frames = Frames(flags, counts, KPF_KNOWN & ~KPF_KSM)
        self.wanted = self.try_scan()
        self.states = States()
        self.runs = self.pages = 0
        self.missing = []
        for fact, known in (
            ("page-frames", self.frames_seen),
            ("kpageflags", flags is not None),
            ("kpagecount", counts is not None),
            ("soft-dirty", bool(own & PM_SOFT_DIRTY)),
            ("pagemap-scan", self.wanted != 0),
            ("ksm", flags is not None and not false_ksm),
        ):
            if not known:
                self.missing.append(fact)

    @staticmethod
    def own_word(written):
        """The pagemap word of a page that this script has just written: what is missing there is missing everywhere."""
        address = written.buffer_info()[0] + len(written) // 2
        try:
            file = os.open("/proc/self/pagemap", os.O_RDONLY)
            word = words(file, address // PAGE, 1)[0]
            os.close(file)
        except (OSError, IndexError):
            fail("this kernel has no /proc/self/pagemap (CONFIG_PROC_PAGE_MONITOR)")
        return word

    def try_scan(self):
        """Which categories PAGEMAP_SCAN knows here; 0 when the kernel does not have it."""
        for wanted in (SCAN_PRESENT | SCAN_SWAPPED | SCAN_GUARD, SCAN_PRESENT | SCAN_SWAPPED):
            self.wanted = wanted
            try:
                for _ in self.scan(PAGE, 2 * PAGE):
                    pass
                return wanted
            except (OSError, ImportError):
                continue
        return 0

    def scan(self, start, end):
        """Stretches (first page, end page, huge, zero) that hold something, from PAGEMAP_SCAN."""
        import fcntl

        found = array.array("Q", bytes(24 * 4096))
        address, length = found.buffer_info()
        kept = self.wanted | SCAN_HUGE | SCAN_ZERO
        while start < end:
            argument = bytearray(
                struct.pack("12Q", 96, 0, start, end, 0, address, length // 3, 0, 0, 0, self.wanted, kept)
            )
            n = fcntl.ioctl(self.pagemap, PAGEMAP_SCAN, argument)
            for i in range(0, n * 3, 3):
                what = found[i + 2]
                yield found[i] // PAGE, found[i + 1] // PAGE, bool(what & SCAN_HUGE), bool(what & SCAN_ZERO)
            # walk_end is no guide: it can stay behind when the kernel's own buffer was full but ours is not.
            start = found[n * 3 - 2] if n == length // 3 else end

    def read(self, runs, vma, start, end):
        """Appends the runs of equal pages in [start, end): [page in the VMA, count, state] and perhaps frame or swap slot."""
        base = vma["start"] // PAGE
        smaps = vma.get("smaps", {})
        if "smaps" in vma and vma["kind"] == "anon" and smaps.get("Rss", 0) + smaps.get("Swap", 0) == 0 and not self.wanted:
            return
        if self.wanted:
            stretches = self.scan(start, end)
        else:
            stretches = ((start // PAGE, end // PAGE, False, False),)
        for first, last, huge, zero in stretches:
            for page in range(first, last, CHUNK):
                entries = words(self.pagemap, page, min(CHUNK, last - page))
                if len(entries) == 0:
                    return
                if entries[0] & PM_SOMETHING or entries.count(entries[0]) < len(entries):
                    self.add(runs, entries, page - base, huge, zero)

    def add(self, runs, entries, at, huge, zero):
        """Appends the entries of the VMA's pages `at` on, as far as they hold something."""
        last = runs[-1] if runs else None
        for i, word in enumerate(entries):
            if not word & PM_SOMETHING:
                continue
            self.pages += 1
            flags, order, maps, swap, name = None, 0, -1, -1, None
            if word & PM_PRESENT:
                if word & PM_FRAME:
                    frame = word & PM_FRAME
                    flags, order, maps = self.frames.look(frame)
                    if (order > 0 or maps != 1 or (flags or 0) & KPF_KSM) and not (flags or 0) & KPF_ZERO:
                        name = self.frames.number(frame)
            elif word & PM_SWAPPED and self.frames_seen:
                swap, name = word & 31, (word & PM_FRAME) >> 5
            state = self.states.index((word & PM_KNOWN, huge, zero, swap, flags, order, maps))
            page = at + i
            if last is not None and last[0] + last[1] == page and last[2] == state:
                if (len(last) == 3) if name is None else (len(last) == 4 and last[3] + last[1] == name):
                    last[1] += 1
                    continue
            last = [page, 1, state] if name is None else [page, 1, state, name]
            runs.append(last)
            self.runs += 1
            if self.runs > self.options.max_runs:
                runs.pop()
                raise Full(page)
        if self.pages > self.options.max_pages:
            raise Full(at + len(entries))


def read_vmas(pid):
    """All VMAs with the facts of smaps, or of maps alone where smaps cannot be read; and which file it was."""
    for name in ("smaps", "maps"):
        try:
            with open("/proc/%d/%s" % (pid, name), encoding="utf-8", errors="replace") as file:
                lines = file.read().splitlines()
        except OSError as error:
            reason = error.strerror
            continue
        if lines:
            return list(parse_vmas(lines, name == "smaps")), name
        reason = "it has no memory (a kernel thread, or it has ended)"
    return fail("cannot read the mappings of process %d: %s" % (pid, reason)), ""


def parse_vmas(lines, has_smaps):
    vma = None
    for line in lines:
        key, _, rest = line.partition(" ")
        if not key.endswith(":"):
            if vma is not None:
                yield vma
            fields = line.split(None, 5)
            start, end = (int(text, 16) for text in fields[0].split("-"))
            vma = {"start": start, "end": end, "perms": fields[1], "device": fields[3], "inode": fields[4]}
            vma["name"] = fields[5] if len(fields) > 5 else ""
            if has_smaps:
                vma["smaps"], vma["vmFlags"] = {}, []
        elif key == "VmFlags:":
            vma["vmFlags"] = rest.split()
        elif key[:-1] in SMAPS and rest.split()[0] != "0":
            vma["smaps"][key[:-1]] = int(rest.split()[0])
    if vma is not None:
        yield vma


def memory_file_systems(pid):
    """Device numbers of the file systems that keep their files in shared memory."""
    try:
        with open("/proc/%d/mountinfo" % pid, encoding="utf-8", errors="replace") as file:
            lines = [line.split() for line in file]
    except OSError:
        return set()
    return {f[2] for f in lines if "-" in f and f[f.index("-") + 1] in ("tmpfs", "devtmpfs")}


def kind_of(vma, in_memory):
    flags, name, private = vma.get("vmFlags", []), vma["name"], vma["perms"][3] == "p"
    if "ht" in flags:
        return "hugetlb"
    if name.startswith(SPECIAL_NAMES) or "pf" in flags or "io" in flags or "mm" in flags:
        return "special"
    if private and (name == "" or name.startswith("[") or name == "/dev/zero"):
        return "anon"
    if name == "" or name.startswith(SHMEM_NAMES) or "%02x:%02x" % device_of(vma) in in_memory:
        return "shmem"
    return "file"


def device_of(vma):
    return tuple(int(part, 16) for part in vma["device"].split(":"))


def label_of(vma, with_names):
    name = vma["name"]
    if name.startswith("["):
        # Programs may give names to anonymous memory, which can tell more than one wants.
        return "anon" if name.startswith("[anon") and not with_names else name.strip("[]").split(":")[0]
    return os.path.basename(name.replace(" (deleted)", "")) if with_names else ""


def choose(vmas, what):
    """(VMA, start, end) of everything to be captured, and the range that was asked for."""
    if what == "all-anon":
        return [(v, v["start"], v["end"]) for v in vmas if v["kind"] == "anon" or holds_anonymous(v)], None
    if what == "heap":
        return [(v, v["start"], v["end"]) for v in vmas if v["name"] == "[heap]"], None
    try:
        start, end = (int(text, 16) for text in what.split("-"))
    except ValueError:
        fail("%r is no range: expected START-END in hexadecimal, all-anon or heap" % what)
    start, end = start & ~(PAGE - 1), (end + PAGE - 1) & ~(PAGE - 1)
    if start >= end:
        fail("the range %s is empty: the end must come after the start" % what)
    inside = [(v, max(start, v["start"]), min(end, v["end"])) for v in vmas if v["start"] < end and v["end"] > start]
    return inside, (start, end)


def holds_anonymous(vma):
    return any(vma.get("smaps", {}).get(key, 0) > 0 for key in ("Anonymous", "Swap")) and vma["perms"][3] == "p"


def thp_mode():
    try:
        with open("/sys/kernel/mm/transparent_hugepage/enabled", encoding="ascii") as file:
            return file.read().split("[")[1].split("]")[0]
    except (OSError, IndexError):
        return "never"


def write(capture, head, vmas, out):
    """One line for each VMA and each state, so that the file can be read and compared."""
    lines = ["  %s: %s" % (json.dumps(key), json.dumps(value)) for key, value in head.items()]
    states = ",\n".join("    " + json.dumps(state) for state in capture.states.table)
    lines.append('  "states": [\n%s\n  ]' % states)
    rows = []
    for vma in vmas:
        runs = json.dumps(vma.pop("runs"), separators=(",", ":"))
        fields = ["%s: %s" % (json.dumps(key), json.dumps(value)) for key, value in vma.items()]
        rows.append("    { %s,\n      \"runs\": %s }" % (", ".join(fields), runs))
    lines.append('  "vmas": [\n%s\n  ]' % ",\n".join(rows))
    out.write("{\n%s\n}\n" % ",\n".join(lines))


def run(options):
    capture = Capture(options.pid, options)
    vmas, source = read_vmas(options.pid)
    if source == "maps":
        capture.missing.append("smaps")
    in_memory = {"%02x:%02x" % tuple(map(int, d.split(":"))) for d in memory_file_systems(options.pid)}
    for vma in vmas:
        vma["kind"] = kind_of(vma, in_memory)
    chosen, asked = choose([v for v in vmas if v["name"] != "[vsyscall]"], options.what)
    if not chosen:
        fail("process %d has no mapping there (%s)" % (options.pid, options.what))
    done, full = [], None
    for vma, start, end in chosen:
        row = {
            "start": hex(vma["start"]),
            "end": hex(vma["end"]),
            "perms": vma["perms"],
            "kind": vma["kind"],
            "label": label_of(vma, options.names),
        }
        for key in ("vmFlags", "smaps"):
            if key in vma:
                row[key] = vma[key]
        try:
            row["runs"] = []
            capture.read(row["runs"], vma, start, end)
        except Full as reached:
            full = hex(vma["start"] + reached.args[0] * PAGE)
        done.append(row)
        if full is not None:
            break
    head = {
        "format": "walkscope-capture",
        "version": VERSION,
        "kernel": os.uname().release,
        "machine": os.uname().machine,
        "pageSize": os.sysconf("SC_PAGE_SIZE"),
        "privilege": "root" if capture.frames_seen else "user",
        "missing": capture.missing,
        "thp": thp_mode(),
        "selection": "range" if asked is not None else options.what,
    }
    if asked is not None:
        head["range"] = {"start": hex(asked[0]), "end": hex(asked[1])}
    if full is not None:
        head["truncatedAt"] = full
    return capture, head, done


def main():
    parser = argparse.ArgumentParser(description="Writes the page-table facts of a process as JSON for Walkscope.")
    parser.add_argument("pid", type=int, metavar="PID")
    parser.add_argument("what", nargs="?", default="all-anon", metavar="START-END | all-anon | heap")
    parser.add_argument("--names", action="store_true", help="write the names (not the paths) of mapped files too")
    parser.add_argument("--stop", action="store_true", help="stop the process (SIGSTOP) while it is being read")
    parser.add_argument("--max-runs", type=int, default=200000, help="end after so many runs of equal pages")
    parser.add_argument("--max-pages", type=int, default=1 << 22, help="end after so many pages (default: 16 GiB)")
    options = parser.parse_args()
    if os.sysconf("SC_PAGE_SIZE") != PAGE:
        fail("pages have %d bytes here; Walkscope models 4096" % os.sysconf("SC_PAGE_SIZE"))
    began = time.time()
    if options.stop:
        os.kill(options.pid, signal.SIGSTOP)
    try:
        capture, head, vmas = run(options)
    finally:
        if options.stop:
            os.kill(options.pid, signal.SIGCONT)
    write(capture, head, vmas, sys.stdout)
    missing = ", ".join(capture.missing) or "nothing"
    print(
        "%d pages in %d mappings, %d runs, %.1f s; missing: %s%s"
        % (
            capture.pages,
            len(vmas),
            capture.runs,
            time.time() - began,
            missing,
            "; ended early at " + head["truncatedAt"] if "truncatedAt" in head else "",
        ),
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
