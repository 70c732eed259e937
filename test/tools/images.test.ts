import assert from "node:assert/strict";
import { execaNode } from "execa";

function images(...args: string[]) {
  return execaNode("tools/images.ts", args, { nodeOptions: ["--import", "tsx/esm"], reject: false });
}

describe("npm run images", () => {
  it("prints every image of a stack, one a line, and beside it its name behind a mirror", async () => {
    const { stdout, exitCode } = await images("learn-04", "--to", "mirror.local/x");
    assert.equal(exitCode, 0);
    assert.deepEqual(stdout.split("\n"), [
      "docker.io/hashicorp/http-echo:1.0.0 mirror.local/x/hashicorp/http-echo:1.0.0",
      "docker.io/nginxdemos/hello:0.4-plain-text mirror.local/x/nginxdemos/hello:0.4-plain-text",
      "ghcr.io/nginx/nginx-gateway-fabric/nginx:2.7.2 mirror.local/x/nginx/nginx-gateway-fabric/nginx:2.7.2",
      "ghcr.io/nginx/nginx-gateway-fabric:2.7.2 mirror.local/x/nginx/nginx-gateway-fabric:2.7.2",
      "quay.io/metallb/controller:v0.16.1 mirror.local/x/metallb/controller:v0.16.1",
      "quay.io/metallb/speaker:v0.16.1 mirror.local/x/metallb/speaker:v0.16.1",
    ]);
  });

  it("asks for a stack when none is named, and tells of the nearest when there is none of that name", async () => {
    const [nothing, wrong] = await Promise.all([images(), images("learn-5")]);
    assert.equal(nothing.exitCode, 2);
    assert.match(nothing.stderr, /name a stack, such as learn-05, or say --all/);
    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.stderr, /no stack named learn-5; did you mean learn-05\?/);
  });
});
