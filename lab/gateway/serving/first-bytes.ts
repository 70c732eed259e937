import type { Socket } from "node:net";
import { getExtensionData, readTlsClientHello } from "read-tls-client-hello";

/** What a TLS client says before the handshake. */
export interface Hello {
  /** Lower case; undefined when the client sends none. */
  readonly sni: string | undefined;
}

/**
 * Reads the ClientHello and puts its bytes back. Undefined when the connection is not TLS, ends, or stays incomplete
 * for `timeout` milliseconds; the socket is then of no further use.
 */
export async function readHello(socket: Socket, timeout: number): Promise<Hello | undefined> {
  // The reader ends with the socket, so that whatever keeps it waiting ends the socket.
  const giveUp = () => socket.destroy();
  const timer = setTimeout(giveUp, timeout);
  socket.once("end", giveUp);
  try {
    const hello = await readTlsClientHello(socket);
    const name = getExtensionData(hello, "sni")?.serverName;
    return { sni: name?.toLowerCase().replace(/\.$/, "") };
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    socket.off("end", giveUp);
  }
}

/** What a connection begins with: a TLS record, HTTP/2's preface, or something else (HTTP/1, surely). */
export type Beginning = "tls" | "http2" | "other";

/**
 * Waits for the first bytes, puts them back and hands the socket on, paused unless they are
 * HTTP/1 (readers of the other two take them from the paused stream); destroys the socket when none come in time.
 */
export function sniff(socket: Socket, timeout: number, then: (beginning: Beginning) => void): void {
  const giveUp = () => socket.destroy();
  const timer = setTimeout(giveUp, timeout);
  socket.once("end", giveUp);
  socket.once("close", () => clearTimeout(timer));
  socket.once("data", (first: Buffer) => {
    clearTimeout(timer);
    socket.off("end", giveUp);
    socket.pause();
    socket.unshift(first);
    const beginning = beginningOf(first);
    then(beginning);
    if (beginning === "other") socket.resume();
  });
}

const PREFACE = "PRI * HTTP/2.0";

function beginningOf(first: Buffer): Beginning {
  if (first[0] === 0x16) return "tls";
  const text = first.toString("latin1", 0, PREFACE.length);
  return text.length >= 4 && PREFACE.startsWith(text) ? "http2" : "other";
}
