// Talks to the service. The session lies in a cookie that no script can read.

/** What the service refused, as it says it. */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.error ?? `The service answered ${status}.`);
    this.status = status;
    this.code = body?.code ?? "";
    this.details = body?.details ?? [];
    this.requestID = body?.request_id ?? "";
  }
}

async function send(method, path, body, headers = {}) {
  const options = { method, headers: { Accept: "application/json", ...headers }, credentials: "same-origin" };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Problem(0, { error: "The service can't be reached; is it running?" });
  }
  let answer = null;
  try {
    answer = await response.json();
  } catch { /* no JSON: the status says it */ }
  if (!response.ok) throw new Problem(response.status, answer);
  return answer;
}

/** Path and query from parts; empty parameters are left out. */
export function at(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, value);
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

export const api = {
  /** The `data` of a resource. */
  get: async (path) => (await send("GET", path)).data,
  /** One page of a list: `{data, page}`. */
  list: (path) => send("GET", path),
  post: async (path, body = {}, headers) => (await send("POST", path, body, headers)).data,
  put: async (path, body, headers) => (await send("PUT", path, body, headers)).data,
  delete: async (path) => (await send("DELETE", path)).data,
};
