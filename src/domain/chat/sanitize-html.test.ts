import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sanitizeHtml } from './sanitize-html.ts';

describe('html in messages', () => {
  test('formatting stays as it is', () => {
    const html =
      '<p>Hi <b>you</b>, <a href="https://example.org/?a=1&amp;b=2" target="_blank">here</a><br></p>' +
      '<ul><li>1</li></ul><img src="/cat.png" alt="a &quot;cat&quot;" width="10"><blockquote>q</blockquote>';
    assert.equal(sanitizeHtml(html), html);
    assert.equal(sanitizeHtml('plain & simple, 1 < 2 > 0'), 'plain & simple, 1 &lt; 2 &gt; 0');
  });

  const hostile: Readonly<Record<string, string>> = {
    '<script>alert(1)</script>x': 'x',
    '<SCRIPT src=//evil>alert(1)</sCrIpT >x': 'x',
    '<script>never closed': '',
    '<style>p{}</style><p>x</p>': '<p>x</p>',
    '<p onclick="x()" ONMOUSEOVER=x style="a">t</p>': '<p>t</p>',
    '<a href="javascript:alert(1)">t</a>': '<a>t</a>',
    '<a href=" java\tscript:alert(1)">t</a>': '<a>t</a>',
    '<a href="&#106;avascript&#58;alert(1)">t</a>': '<a>t</a>',
    '<a href="javascript&colon;alert(1)">t</a>': '<a>t</a>',
    '<a href="data:text/html,x">t</a>': '<a>t</a>',
    '<a href="\u0001javascript:x">t</a>': '<a>t</a>',
    '<a href="vbscript:x" href="https://ok">t</a>': '<a>t</a>',
    '<img src=x onerror=alert(1)>': '<img src="x">',
    '<img src="x" alt="a" onerror="b" title=\'" onload="x\'>':
      '<img src="x" alt="a" title="&quot; onload=&quot;x">',
    '<svg><script>x</script></svg>y': 'y',
    '<math><mi>x</mi></math>y': 'y',
    '<iframe src="https://x"></iframe>y': 'y',
    '<form action="https://x"><input name="a">t</form>': 't',
    '<!-- <img src=x onerror=y> -->t': 't',
    '<!-- never closed <b>': '',
    '<!doctype html><?php x ?>t': 't',
    '<b <script>x</script>': '<b>x',
    '<b title="a>b">t</b>': '<b title="a&gt;b">t</b>',
    '<p title=">"<img src=x onerror=y>t': '<p title="&gt;">t',
    '<<script>script>alert(1)<</script>/script>': '&lt;/script&gt;',
    '<b': '&lt;b',
    'a<b title="never closed': 'a',
    '</p></script>t': '</p>t',
    '<constructor __proto__="x">t</constructor>': 't',
  };
  for (const [html, safe] of Object.entries(hostile))
    test(JSON.stringify(html), () => assert.equal(sanitizeHtml(html), safe));

  test('what comes out is what comes out again', () => {
    for (const html of Object.keys(hostile)) {
      const once = sanitizeHtml(html);
      assert.equal(sanitizeHtml(once), once, html);
    }
  });

  test('a large message of nothing but openings takes no time to speak of', () => {
    for (const piece of ['<', '<b ', '<a href="', '<script>', '<!--', '<b><script></script>', '&#']) {
      const html = piece.repeat(Math.floor(28_000 / piece.length));
      assert.ok(sanitizeHtml(html).length <= html.length * 5);
    }
  });
});
