namespace Bijectors.Fuzz;

/// <summary>Something that takes input from outside.</summary>
/// <param name="name">What it is called on the command line.</param>
/// <param name="share">How many of 1,000 inputs are its.</param>
internal abstract class Target(string name, int share)
{
    public string Name { get; } = name;

    public int Share { get; } = share;

    /// <summary>Makes what inputs are drawn from, in a folder that is empty.</summary>
    public virtual void Prepare(string folder)
    {
    }

    /// <summary>What is being done with the input at hand, where the input itself does not show it.</summary>
    public virtual string Doing => "";

    /// <summary>An input.</summary>
    public abstract byte[] Draw(Random random);

    /// <summary>Gives an input to what takes it.</summary>
    /// <returns>The sentence of a refusal; null for an answer.</returns>
    /// <exception cref="Finding">It is neither a right answer nor a clear refusal.</exception>
    public abstract string? Run(byte[] input, string folder);

    /// <summary>An input that must be answered: the seeds themselves.</summary>
    public abstract IEnumerable<byte[]> Seeds { get; }

    /// <summary>Runs something that answers or refuses.</summary>
    protected static string? Answer(Action act)
    {
        try
        {
            act();
            return null;
        }
        catch (Exception exception) when (exception is not Finding)
        {
            return Refusal.Of(exception);
        }
    }

    /// <summary>Stops where an answer is wrong.</summary>
    protected static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new Finding(otherwise);
        }
    }
}
