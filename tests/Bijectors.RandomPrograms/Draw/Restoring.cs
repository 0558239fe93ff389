namespace Bijectors.RandomPrograms.Draw;

/// <summary>Brings parts back to how they were: before a join, and at the end of a block.</summary>
internal sealed class Restoring(Draft draft, Blocks blocks)
{
    /// <summary>
    /// Gives the part at a place the shape and the span, and where one is given the variable, of an earlier state.
    /// </summary>
    public void Restore(Scene scene, List<Statement> block, int place, Part earlier, bool variable)
    {
        if (scene.Parts[place].Shape != earlier.Shape)
        {
            var part = scene.Parts[place];
            var (code, shape) = new Moves(draft).Reshape(part, earlier.Shape);
            blocks.Store(scene, block, part, part with { Shape = shape, IsLiteral = false }, code);
        }

        var now = scene.Parts[place];
        if (now.Span != earlier.Span || (variable && now.Variable != earlier.Variable))
        {
            var chain = new Chain(draft, scene, now);
            Home(chain, earlier.Span);
            blocks.Store(scene, block, now, chain.Part, chain.Code, variable ? earlier.Variable : null);
        }
    }

    /// <summary>Maps a part with exact ends onto a canonical span.</summary>
    public void Home(Chain chain, Span target)
    {
        if (chain.Part.Span == target)
        {
            return;
        }

        var (low, high) = (chain.Part.Span.Low, chain.Part.Span.High);
        switch (double.IsInfinity(low), double.IsInfinity(high))
        {
            case (false, true):
                Log(low == 0 ? null : ("-", low, true), mayUseLog1p: low == -1);
                break;
            case (true, false):
                Log(("-", high, false), mayUseLog1p: false);
                break;
            case (false, false) when (low, high) == (-1, 1):
                chain.Through(Row.Named("atanh"));
                break;
            case (false, false):
                if (low != 0)
                {
                    chain.Literal("-", low);
                }

                if (high - low != 1)
                {
                    chain.Literal("/", high - low);
                }

                chain.Through(Row.Named("logit"));
                break;
        }

        var outward = target == Span.Positive ? draft.Chance.Pick(["exp", "softplus"]) : target == Span.Unit ? "sigmoid"
            : target == Span.Symmetric
            ? draft.Chance.Pick(["tanh", "softsign", "erf"])
            : draft.Chance.Pick(["expm1", "elu"]);
        if (target != Span.Real)
        {
            chain.Through(Row.Named(outward));
        }

        void Log((string Sign, double Value, bool PartIsLeft)? shift, bool mayUseLog1p)
        {
            if (mayUseLog1p && draft.Chance.Happens(0.7))
            {
                chain.Through(Row.Named("log1p"));
                return;
            }

            if (shift is var (sign, value, left))
            {
                chain.Literal(sign, value, left);
            }

            chain.Through(Row.Named("log"));
        }
    }
}
