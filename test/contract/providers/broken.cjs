/** An application that is down for the first of our cases. */
module.exports = class {
  id() {
    return 'broken';
  }

  async callApi(_, context) {
    const { id, expected } = context.vars.case;
    if (id.endsWith('01')) throw new Error('the model is down \u001b[31m');
    return { output: expected };
  }
};
