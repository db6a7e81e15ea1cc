// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Hummingbird

/// The yardstick: the smallest Hummingbird server that answers `POST /generate-seed`, with a constant body.
///
/// It makes no seed. `HOST_PORT` is the port on 127.0.0.1, `BODY_BYTES` the size of the answer's body.
@main
struct BareHummingbird {
    static func main() async throws {
        let environment = Environment()
        let port = environment.get("HOST_PORT", as: Int.self) ?? 3000
        let answer = ByteBuffer(string: constantAnswer(bytes: environment.get("BODY_BYTES", as: Int.self) ?? 300))

        let router = Router()
        router.post("generate-seed") { request, _ in
            _ = try await request.body.collect(upTo: 1 << 20)
            return Response(
                status: .ok,
                headers: [.contentType: "application/json; charset=utf-8"],
                body: ResponseBody(byteBuffer: answer)
            )
        }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port))
        )
        try await application.runService()
    }

    /// A JSON object with the fields of a 24-word answer, as long as asked, or as short as its fields allow.
    private static func constantAnswer(bytes: Int) -> String {
        let entropy = String(repeating: "0", count: 64)
        let head = #"{"seed_phrase":""#
        let tail = #"","entropy":"\#(entropy)","strength":256,"word_count":24}"#
        let phrase = String(repeating: "a", count: max(0, bytes - head.utf8.count - tail.utf8.count))
        return head + phrase + tail
    }
}
