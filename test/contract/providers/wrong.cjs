/** An application that is always wrong, by one character where that is possible. */
module.exports = class {
  id() {
    return 'wrong';
  }

  async callApi(_, context) {
    return { output: `${context.vars.case.expected}\n` + (context.vars.case.expected_kind === 'text' ? '' : 'x') };
  }
};
