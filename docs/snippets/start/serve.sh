node serve.ts
