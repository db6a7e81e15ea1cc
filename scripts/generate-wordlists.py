#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
"""Generates Sources/EnclaveCore/Seeds/Wordlists from the official BIP39 word lists.

The lists are the ten of BIP-0039 (https://github.com/bitcoin/bips, folder bip-0039), taken from the source package
`mnemonic` 0.21 (https://github.com/trezor/python-mnemonic), which carries them byte for byte under the MIT licence,
Copyright (c) 2013-2016 Pavol Rusnak. The package comes through pip and is not trusted: a list is used only if its
SHA-256 is the one below.

    scripts/generate-wordlists.py           writes the ten Swift files
    scripts/generate-wordlists.py --check   writes nothing; fails if the files in the tree differ

Needs Python 3.9 or later, pip, and a reachable package index.
"""

import argparse
import hashlib
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
from typing import Dict, List, NamedTuple

PACKAGE = "mnemonic"
VERSION = "0.21"
WORD_COUNT = 2048
DESTINATION = pathlib.Path(__file__).resolve().parent.parent / "Sources/EnclaveCore/Seeds/Wordlists"


class Wordlist(NamedTuple):
    """What is known of one published list beforehand; lengths in bytes of UTF-8."""

    name: str
    sha256: str
    file_bytes: int
    shortest_word: int
    longest_word: int

    @property
    def title(self) -> str:
        return self.name.replace("_", " ").title()

    @property
    def type_name(self) -> str:
        return self.title.replace(" ", "") + "Words"


# In the order in which the lists are tried when a phrase comes without its language.
WORDLISTS = [
    Wordlist("english", "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda", 13116, 3, 8),
    Wordlist("japanese", "2eed0aef492291e061633d7ad8117f1a2b03eb80a29d0e4e3117ac2528d05ffd", 26423, 9, 27),
    Wordlist("korean", "9e95f86c167de88f450f0aaf89e87f6624a57f973c67b516e338e8e8b8897f60", 37832, 12, 33),
    Wordlist("spanish", "46846a5a0139d1e3cb77293e521c2865f7bcdb82c44e8d0a06a2cd0ecba48c0b", 13996, 3, 10),
    Wordlist("chinese_simplified", "5c5942792bd8340cb8b27cd592f1015edf56a8c5b26276ee18a482428e7c5726", 8192, 3, 3),
    Wordlist("chinese_traditional", "417b26b3d8500a4ae3d59717d7011952db6fc2fb84b807f3f94ac734e89c1b5f", 8192, 3, 3),
    Wordlist("french", "ebc3959ab7801a1df6bac4fa7d970652f1df76b683cd2f4003c941c63d517e59", 16777, 5, 12),
    Wordlist("italian", "d392c49fdb700a24cd1fceb237c1f65dcc128f6b34a8aacb58b59384b5c648c2", 16033, 4, 9),
    Wordlist("czech", "7e80e161c3e93d9554c2efb78d4e3cebf8fc727e9c52e03b83b94406bdcc95fc", 14945, 4, 8),
    Wordlist("portuguese", "2685e9c194c82ae67e10ba59d9ea5345a23dc093e92276fc5361f6667d79cd3f", 15671, 4, 8),
]


class Refused(Exception):
    """A reason to stop, in one sentence."""


def download_source_package(folder: pathlib.Path) -> pathlib.Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    command += ["--disable-pip-version-check", "--dest", str(folder), f"{PACKAGE}=={VERSION}"]
    if subprocess.run(command, check=False).returncode != 0:
        raise Refused(f"pip could not download {PACKAGE} {VERSION}")
    archives = sorted(folder.glob("*.tar.gz"))
    if len(archives) != 1:
        raise Refused(f"expected one source archive, found {len(archives)}")
    return archives[0]


def read_published_lists(archive: pathlib.Path) -> Dict[str, bytes]:
    """Reads the lists where they lie in the archive; nothing is unpacked to disk."""
    published = {}
    with tarfile.open(archive, "r:gz") as package:
        for wordlist in WORDLISTS:
            path = f"{PACKAGE}-{VERSION}/src/{PACKAGE}/wordlist/{wordlist.name}.txt"
            try:
                member = package.extractfile(path)
            except KeyError:
                member = None
            if member is None:
                raise Refused(f"{archive.name} has no file {path}")
            published[wordlist.name] = member.read()
    return published


def check(wordlist: Wordlist, content: bytes) -> List[str]:
    """The words of a published list, or Refused."""
    digest = hashlib.sha256(content).hexdigest()
    if digest != wordlist.sha256:
        raise Refused(f"{wordlist.name}: SHA-256 is {digest}, not {wordlist.sha256}")
    if len(content) != wordlist.file_bytes:
        raise Refused(f"{wordlist.name}: {len(content)} bytes, not {wordlist.file_bytes}")
    text = content.decode("utf-8")
    if not text.endswith("\n"):
        raise Refused(f"{wordlist.name}: the last line is not ended")
    words = text[:-1].split("\n")
    if len(words) != WORD_COUNT or len(set(words)) != WORD_COUNT:
        raise Refused(f"{wordlist.name}: {len(words)} words, {len(set(words))} of them distinct, not {WORD_COUNT}")
    for index, word in enumerate(words):
        if unicodedata.normalize("NFKD", word) != word:
            raise Refused(f"{wordlist.name}: word {index} is not NFKD-normalised")
        # Letters and their marks only, so that no word needs an escape in a Swift literal.
        if not all(unicodedata.category(character)[0] in "LM" for character in word):
            raise Refused(f"{wordlist.name}: word {index} is not made of letters")
    lengths = [len(word.encode("utf-8")) for word in words]
    if (min(lengths), max(lengths)) != (wordlist.shortest_word, wordlist.longest_word):
        raise Refused(f"{wordlist.name}: words have {min(lengths)} to {max(lengths)} bytes, "
                      f"not {wordlist.shortest_word} to {wordlist.longest_word}")
    return words


def swift_source(wordlist: Wordlist, words: List[str]) -> bytes:
    lines = [
        "// SPDX-License-Identifier: MIT",
        "// Copyright (c) the renclave authors",
        "",
        f"/// The official BIP39 list for {wordlist.title}: {WORD_COUNT} words in NFKD, one a line, in index order.",
        "/// Generated by scripts/generate-wordlists.py; SHA-256 of the published file",
        f"/// {wordlist.sha256}.",
        f"enum {wordlist.type_name} {{",
        '    static let text: StaticString = """',
    ]
    lines += [f"        {word}" for word in words]
    lines += ['        """', "}", ""]
    return "\n".join(lines).encode("utf-8")


def generate() -> Dict[pathlib.Path, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        published = read_published_lists(download_source_package(pathlib.Path(folder)))
    sources = {}
    for wordlist in WORDLISTS:
        words = check(wordlist, published[wordlist.name])
        sources[DESTINATION / f"{wordlist.type_name}.swift"] = swift_source(wordlist, words)
    return sources


def differences(sources: Dict[pathlib.Path, bytes]) -> List[str]:
    found = []
    for path, source in sources.items():
        if not path.is_file():
            found.append(f"{path.name} is missing")
        elif path.read_bytes() != source:
            found.append(f"{path.name} differs")
    for path in sorted(DESTINATION.glob("*Words.swift")):
        if path not in sources:
            found.append(f"{path.name} is not generated")
    return found


def write(sources: Dict[pathlib.Path, bytes]) -> None:
    DESTINATION.mkdir(parents=True, exist_ok=True)
    for path, source in sources.items():
        path.write_bytes(source)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the files in the tree differ")
    arguments = parser.parse_args()
    try:
        sources = generate()
    except Refused as refusal:
        print(f"generate-wordlists: {refusal}", file=sys.stderr)
        return 1
    if not arguments.check:
        write(sources)
        print(f"wrote {len(sources)} word lists")
        return 0
    found = differences(sources)
    for difference in found:
        print(f"generate-wordlists: {difference}", file=sys.stderr)
    if not found:
        print(f"{len(sources)} word lists are as published")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
