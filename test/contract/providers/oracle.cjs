const { appendFileSync } = require('node:fs');

/** An application that is always right: it answers what the case expects, and notes what it was given. */
module.exports = class {
  id() {
    return 'oracle';
  }

  async callApi(prompt, context) {
    const wanted = context.vars.case;
    appendFileSync(process.env.SEEN_FILE, `${JSON.stringify({ prompt, case: wanted, output: wanted.expected })}\n`);
    return { output: wanted.expected };
  }
};
