import assert from "node:assert/strict";
import net, { type AddressInfo } from "node:net";
import type { Kubectl } from "../../lab/live/kubectl.ts";
import { VisibleError } from "../../lab/terminal/visible-error.ts";
import { connect, type Meeting, Ways } from "../../lab/verify/reach.ts";

const ADDRESS = "192.168.49.240";

/** No cluster: a port-forward opens at 50000, or cannot be opened. */
function kubectlThat(forwards: boolean): Kubectl {
  return {
    context: "learn-03-03",
    run: async () => ({ code: 0, stdout: '{"items":[]}', stderr: "" }),
    forward: async () => {
      if (!forwards) throw new VisibleError("kubectl port-forward failed");
      return { port: 50_000, close: () => undefined };
    },
  };
}

async function wordsFor(met: Meeting, forwards = true): Promise<string> {
  const ways = new Ways(kubectlThat(forwards), async () => met);
  return (await ways.to({ gateway: "mango/mango-gateway", address: ADDRESS, port: 443 })).words;
}

describe("the way to a Gateway", () => {
  const forward = "127.0.0.1:50000, a port-forward to Service mango/mango-gateway-istio, because";

  it("is its address where somebody listens", async () => {
    assert.equal(await wordsFor("open"), `${ADDRESS}:443, reached directly`);
  });

  it("is a port-forward where nothing answers", async () => {
    assert.equal(await wordsFor("silent"), `${forward} ${ADDRESS} cannot be reached from this machine`);
  });

  it("is a port-forward where the address refuses, and says that it does", async () => {
    assert.equal(await wordsFor("refused"), `${forward} ${ADDRESS} refuses connections at port 443`);
  });

  it("is the address that refuses, when there is no other way", async () => {
    assert.equal(await wordsFor("refused", false), `${ADDRESS} refuses connections at port 443`);
    await assert.rejects(wordsFor("silent", false), /port-forward failed/);
  });

  it("is found by trying: a port that is open, then refuses", async () => {
    const server = net.createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    assert.equal(await connect("127.0.0.1", port), "open");
    await new Promise((resolve) => server.close(resolve));
    assert.equal(await connect("127.0.0.1", port), "refused");
  });
});
