"""How to read it: the heat map, its words, the models, and what attention does not say."""

import streamlit as st

from viz.ui.pages import model_table
from viz.ui.session import tr

st.title(tr("How to read it"), anchor=False)
st.markdown(
    tr(
        "A Transformer reads a text as a row of **tokens**: words, pieces of words, signs. In every layer, each of "
        "several **heads** decides, for every token, how much to take from each of the others. These shares are the "
        "**attention weights**, and this app shows all of them."
    )
)

left, right = st.columns(2, gap="large")
with left:
    st.header(tr("The heat map"), anchor=False)
    st.markdown(
        tr(
            "- **A row is a query**: the token that looks. Read it from left to right.\n"
            "- **A column is a key**: a token that is looked at.\n"
            "- **The colour is the weight**, from 0 to 1. A row always adds up to 1.\n"
            "- **The scale is fixed** from 0 to 1, so that two pictures can be compared.\n"
            "- A line just left of the diagonal is a head that looks at the word before; a column of strong "
            "colour is a token that all others look at."
        )
    )
with right:
    st.header(tr("The words"), anchor=False)
    st.markdown(
        tr(
            "- **[CLS]** and **[SEP]** (in other models **<s>** and **</s>**) are put around each text. Many heads "
            "look at them more than at the words.\n"
            "- **##ing** is a piece that goes on from the token before.\n"
            "- **the₂ and the₇** are the same token at positions 2 and 7.\n"
            "- **[UNK]** stands for a character that the model does not know.\n"
            "- **Entropy** says how spread a head's attention is, in nats: 0 when it looks at one token only."
        )
    )

st.header(tr("Try this"), anchor=False)
st.markdown(
    tr(
        "1. Open *Explore* with the first example. Layer 1, head 3 looks at the token before, with 100%. Layer 2, "
        "head 9 looks most at the token after, with 57% on average.\n"
        "2. In layer 4, head 2, “it” gives 68% to “animal” and 5% to “street”. Choose the example *The same sentence, "
        "one word changed*, in which it is the street: “animal” gets 28%, “street” 12%, and [CLS] most, 33%. It moves "
        "less than one hopes: attention does not resolve the pronoun.\n"
        "3. Paste a sentence of your own with a word that occurs twice."
    )
)
st.header(tr("Why so much on [SEP] and [CLS]?"), anchor=False)
st.markdown(
    tr(
        "In many heads half of all attention and more goes to special tokens: in BERT to [SEP], in MiniLM mostly to "
        "[CLS], in e5 to <s> and </s>. A row has to add up to 1, so what a token does not give to a word it gives "
        "somewhere else. In MiniLM most of these heads give the special tokens value vectors less than half as "
        "long as those of the words, so that little is taken there; and a head that mostly looks there can still look "
        "at a word from some tokens. Switch *Explore* from *Attention* to *Attention × value norm*, and their bright "
        "columns fade: what is shown then is how long the vector is that each token really adds (Kobayashi et al. "
        "2020)."
    ).replace("<", r"\<")
)
st.header(tr("What it does not say"), anchor=False)
st.markdown(
    tr(
        "Attention shows where a layer takes information from, not why the model decides as it does. A key with much "
        "weight can still add little, because its value vector is short; and after the first layers a “token” already "
        "carries much of its neighbours. See Jain & Wallace 2019, *Attention is not Explanation*, Wiegreffe & Pinter "
        "2019, *Attention is not not Explanation*, and Kobayashi et al. 2020, *Attention is Not Only a Weight*."
    )
)

st.header(tr("The models"), anchor=False)
st.markdown(
    tr(
        "These are known to work. Any other model of the same families can be typed into the box in the sidebar: "
        "BERT and its relatives, GPT-2, OPT, Llama and Qwen2, BART, Marian and T5."
    )
)
model_table.table()
