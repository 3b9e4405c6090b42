// Loaded into every test file: one that is still alive ten seconds after its last test is a leak, and fails.
if (process.env.NODE_TEST_CONTEXT && process.argv[1]?.endsWith('.test.ts')) {
  const { after } = await import('node:test');
  after(() => {
    const tooLong = setTimeout(() => {
      console.error(`Still busy after its last test: ${process.getActiveResourcesInfo().join(', ')}.`);
      process.exit(1);
    }, 10_000);
    tooLong.unref();
  });
}
