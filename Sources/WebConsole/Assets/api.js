// What the page asks of the server.

/** What the server refused, with what to do next. */
export class Refusal extends Error {
  constructor(status, what, next) {
    super(what);
    this.status = status;
    this.next = next ?? "";
  }
}

async function ask(method, path, body) {
  const request = { method, credentials: "same-origin", headers: { Accept: "application/json" }, cache: "no-store" };
  if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, request);
  } catch {
    throw new Refusal(0, "unreachable", "");
  }
  const text = await answer.text();
  let value = null;
  if (text !== "") {
    try {
      value = JSON.parse(text);
    } catch {
      throw new Refusal(answer.status, "unreadable", "");
    }
  }
  if (!answer.ok) throw new Refusal(answer.status, value?.error?.what ?? `HTTP ${answer.status}`, value?.error?.next);
  return value;
}

export const get = (path) => ask("GET", path);
export const post = (path, body = {}) => ask("POST", path, body);
export const remove = (path) => ask("DELETE", path, {});

/** Bytes, for the pictures of recordings. */
export async function bytes(path) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin" });
  } catch {
    throw new Refusal(0, "unreachable", "");
  }
  if (!answer.ok) throw new Refusal(answer.status, `HTTP ${answer.status}`, "");
  return answer.arrayBuffer();
}

const enc = encodeURIComponent;
export const paths = {
  session: "/api/session", operate: "/api/operate", statement: "/api/statement", worklist: "/api/worklist",
  protocols: "/api/protocols", exams: "/api/exams", exam: "/api/exam", act: "/api/exam/act",
  settings: "/api/exam/settings", outbox: "/api/outbox", device: "/api/device",
  patients: (search) => `/api/patients?search=${enc(search)}`,
  goOn: (id) => `/api/exams/${enc(id)}/continue`,
  review: (id, earlier) => `/api/exams/${enc(id)}/review${earlier ? `?earlier=${enc(earlier)}` : ""}`,
  columns: (id, recording) => `/api/exams/${enc(id)}/recordings/${enc(recording)}/columns`,
  report: (id) => `/api/exams/${enc(id)}/report.pdf`,
  trace: (id) => `/api/exams/${enc(id)}/trace`,
  marks: (id) => `/api/exams/${enc(id)}/marks`,
  sign: (id) => `/api/exams/${enc(id)}/sign`,
  retry: (number) => `/api/outbox/${enc(number)}/retry`,
  cancel: (number) => `/api/outbox/${enc(number)}/cancel`,
};
