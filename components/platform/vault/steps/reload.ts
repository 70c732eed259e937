import { setTimeout as sleep } from "node:timers/promises";
import { type Report, StepFailure } from "../../../commands/script.ts";
import type { Transport } from "./client.ts";
import { podsOf } from "./servers.ts";

/**
 * Has every server read its renewed listener certificate: waits until the kubelet has put the new file into the pod, then
 * sends SIGHUP (https://developer.hashicorp.com/vault/docs/configuration/listener/tcp#tls_cert_file).
 *
 * @throws StepFailure when the file does not arrive within `patience` milliseconds.
 */
export async function reloadCertificate(
  transport: Transport,
  replicas: number,
  sha256: string,
  report: Report,
  patience = 180_000,
): Promise<void> {
  await Promise.all(podsOf(replicas).map((pod) => reload(transport, pod, sha256, patience)));
  report("every Vault server serves the renewed certificate");
}

async function reload(transport: Transport, pod: string, sha256: string, patience: number): Promise<void> {
  const until = Date.now() + patience;
  for (;;) {
    const { stdout } = await transport(pod, ["sha256sum", "/vault/userconfig/vault-tls/tls.crt"], "");
    if (stdout.startsWith(sha256)) break;
    if (Date.now() > until) throw new StepFailure(`pod ${pod} did not get the renewed certificate in time`);
    await sleep(2000);
  }
  const { code, stderr } = await transport(pod, ["sh", "-c", "kill -HUP $(pidof vault)"], "");
  if (code !== 0) throw new StepFailure(`pod ${pod}: Vault could not be told to reload: ${stderr.trim()}`);
}
