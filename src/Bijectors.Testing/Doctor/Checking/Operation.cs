namespace Bijectors.Testing.Doctor;

/// <summary>An operation of torch that is asked for numbers which are known otherwise.</summary>
/// <param name="Name">The name that the scan of our calls gives it: that of the member, after what it is a member of
/// where that is not torch or a tensor.</param>
/// <param name="Form">Which of its forms; empty where there is one.</param>
internal abstract record Operation(string Name, string Form)
{
    /// <summary>Name and form.</summary>
    public string Title => Form.Length == 0 ? Name : $"{Name} ({Form})";

    /// <summary>Asks it, and tells how often it was wrong.</summary>
    /// <param name="options">How much is asked.</param>
    public abstract Tally Check(TorchCheckOptions options);
}
