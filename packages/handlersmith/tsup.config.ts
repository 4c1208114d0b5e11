import { library } from '../tsup.library.ts';

export default library({
  http: 'src/http/index.ts',
  openapi: 'src/openapi/index.ts',
  logging: 'src/observability/index.ts',
  tracing: 'src/tracing/index.ts',
  opentelemetry: 'src/tracing/opentelemetry.ts',
});
