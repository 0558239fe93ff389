namespace Bijectors;

/// <summary>A step of Newton's method from a solution.</summary>
/// <param name="EventRank">How many last dimensions are one event.</param>
/// <param name="Steps">The most steps of an iteration.</param>
/// <param name="Solution">What the steps from one solution share.</param>
/// <param name="IsFollowed">Whether another step begins where this one ends. Then all that comes back from there sums
/// to zero, and only derivatives of that sum count, which arrive after gradients were recorded.</param>
internal sealed record NewtonCall(int EventRank, int Steps, NewtonCall.State Solution, bool IsFollowed)
{
    /// <summary>What has been done with a solution.</summary>
    internal sealed class State
    {
        /// <summary>Whether gradients have been taken in a way that they can be differentiated.</summary>
        public bool HasRecordedGradients { get; set; }
    }
}
