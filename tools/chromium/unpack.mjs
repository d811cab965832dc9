// Unpacks the browser into TMPDIR and says where it is; with the few libraries that a bare machine lacks.
process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs22.x";
const { default: chromium } = await import("@sparticuz/chromium");
console.log(await chromium.executablePath());
