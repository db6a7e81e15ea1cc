-- SPDX-License-Identifier: MIT
-- Copyright (c) the renclave authors

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = os.getenv("BENCH_BODY") or '{"strength":256}'

-- One line that a program can read; times are microseconds, as wrk counts them.
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    'figures {"requests":%d,"duration_us":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d,',
    summary.requests, summary.duration, e.connect, e.read, e.write, e.timeout, e.status))
  io.write(string.format(
    '"p50_us":%d,"p90_us":%d,"p99_us":%d,"max_us":%d}\n',
    latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max))
end
