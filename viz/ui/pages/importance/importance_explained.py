"""How the page about importance computes what it shows: formulas, where they come from, and what they do not say."""

import streamlit as st

from viz.ui.session import tr


def show() -> None:
    """The box with the explanations, closed."""
    with st.expander(tr("How this is computed"), icon=":material/function:"):
        st.markdown(
            tr(
                "- **A head off**: its output is multiplied by 0 before the layer joins its heads, so that it adds "
                "nothing there; all else runs as before. Compared are the outputs of the last layer, by the cosine of "
                "the angle between them, and the sentence vector, the mean of all tokens' outputs with the special "
                "ones. Source: Michel, Levy & Neubig 2019, *Are Sixteen Heads Really Better than One?*\n"
                "- **Importance by leaving out**: 1 − cosine of the sentence vector with and without that head alone. "
                "A head that others can stand in for shows as unimportant, and so do two that do the same.\n"
                "- **Importance by the gradient**: how fast the sentence vector, at length 1, moves as the head's "
                "factor ξ is turned down from 1: |∂L/∂ξ| with L the distance it has moved. In its picture "
                "each layer's heads are scaled to a length (L2 norm) of 1, as Michel et al. advise. Their L is the "
                "loss of a task. A model with a masked-language head has one, and for it L is that: the mean negative "
                "log-probability of each word when it alone is masked. It tells of small changes, not of switching "
                "off.\n"
                "- **Pruning**: heads are switched off one after the other in the order of the whole model's "
                "importance, which is not measured anew in between. In random order the same number is off.\n"
                "- **Gradient × input**: ‖J x‖, the length of what a change of a token's word embedding x in "
                "proportion brings to the output, J the derivative of the output by it. For a masked token's "
                "prediction it is the product of gradient and embedding, summed up, of the score of the likeliest "
                "word (captum's InputXGradient). Sources: Brunner et al. 2020, *On Identifiability in Transformers*; "
                "Abnar & Zuidema 2020 for rollout; Jain & Wallace 2019, *Attention is not Explanation*.\n"
                "- Numbers of one text are of that text alone: another may need other heads. Over sample sentences "
                "they are the means over 30 of them."
            )
        )
