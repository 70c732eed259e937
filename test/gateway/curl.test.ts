import assert from "node:assert/strict";
import { curlLine } from "../../lab/gateway/curl.ts";
import type { ProbeRequest } from "../../lab/probe/model.ts";

const LOCAL = { host: "127.0.0.1", port: 8443 };

describe("curl lines", () => {
  const cases: [string, ProbeRequest, string][] = [
    [
      "https with the authority and the local address",
      { scheme: "https", port: 443, host: "a.com", path: "/x" },
      "curl --cacert out/ca.pem --connect-to a.com:443:127.0.0.1:8443 https://a.com/x",
    ],
    [
      "a port that is not the scheme's own, a method, a header and a body",
      {
        scheme: "http",
        port: 8080,
        host: "a.com",
        path: "/x?y=1",
        method: "POST",
        headers: { "X-A": "it's" },
        body: "b c",
      },
      "curl -X POST --connect-to a.com:8080:127.0.0.1:8443 -H 'X-A: it'\\''s' --data 'b c' 'http://a.com:8080/x?y=1'",
    ],
    [
      "a server name that differs from the host",
      { scheme: "https", port: 443, host: "a.com", sni: "b.com", path: "/" },
      "curl --cacert out/ca.pem --connect-to b.com:443:127.0.0.1:8443 -H 'Host: a.com' https://b.com/",
    ],
  ];
  for (const [name, request, expected] of cases) {
    it(`for ${name}`, () => assert.equal(curlLine(request, LOCAL, "out/ca.pem"), expected));
  }
});
