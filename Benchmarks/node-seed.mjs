// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

// The rival: one Node process on node:http that makes a real random 24-word phrase for each POST /generate-seed.
// HOST_PORT is the port on 127.0.0.1; the words are read once, from the enclave's own English list.

import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const list = new URL("../Sources/EnclaveCore/Seeds/Wordlists/EnglishWords.swift", import.meta.url);
const words = readFileSync(list, "utf8").split("\n").map((line) => line.trim()).filter((line) => /^[a-z]+$/.test(line));
if (words.length !== 2048 || words[0] !== "abandon" || words[2047] !== "zoo") {
  console.error(`node-seed: the English list has ${words.length} words, not the 2048 from abandon to zoo`);
  process.exit(1);
}

const strength = 256;
const wordCount = 24;

function answer() {
  const entropy = randomBytes(strength / 8);
  const checksum = createHash("sha256").update(entropy).digest()[0];
  const phrase = [];
  let bits = 0;
  let held = 0;
  for (let index = 0; index <= entropy.length; index += 1) {
    bits = (bits << 8) | (index < entropy.length ? entropy[index] : checksum);
    held += 8;
    if (held >= 11) {
      held -= 11;
      phrase.push(words[bits >>> held]);
      bits &= (1 << held) - 1;
    }
  }
  return JSON.stringify({
    seed_phrase: phrase.join(" "),
    entropy: entropy.toString("hex"),
    strength,
    word_count: wordCount,
  });
}

function reply(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

const server = createServer((request, response) => {
  if (request.method !== "POST" || request.url !== "/generate-seed") {
    request.resume();
    reply(response, 404, '{"error":"not found"}');
    return;
  }
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    try {
      const asked = JSON.parse(Buffer.concat(parts).toString("utf8"));
      if (asked.strength !== strength) throw new RangeError("strength must be 256 here");
    } catch {
      reply(response, 400, '{"error":"strength must be 256 here"}');
      return;
    }
    reply(response, 200, answer());
  });
});

server.listen(Number(process.env.HOST_PORT), "127.0.0.1");
