/** Whether an `Accept` header lets us answer with `type` (RFC 9110 12.5.1: the most specific range decides). */
export function accepts(accept: string | undefined, type: string): boolean {
  if (accept === undefined || accept === '' || accept === type || accept === '*/*') return true;
  const group = `${type.slice(0, type.indexOf('/'))}/*`;
  let best = 0;
  let allowed = false;
  for (const range of accept.split(',')) {
    const [name = '', ...params] = range.split(';').map((part) => part.trim().toLowerCase());
    const rank = name === type ? 3 : name === group ? 2 : name === '*/*' ? 1 : 0;
    if (rank <= best) continue;
    best = rank;
    allowed = !params.some((param) => /^q=0(?:\.0*)?$/.test(param));
  }
  return allowed;
}
