// msgpackr catches this and carries on in plain JavaScript.
throw new Error('the native add-on is left out of the benchmark');
