/** An application that is wrong about the first of our cases only. */
module.exports = class {
  id() {
    return 'one-wrong';
  }

  async callApi(_, context) {
    const { id, expected } = context.vars.case;
    return { output: id.endsWith('01') ? `${expected} Or not.` : expected };
  }
};
