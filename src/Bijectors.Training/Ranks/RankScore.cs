using System.Text.Json;
using Bijectors.Distributed;

namespace Bijectors.Training;

/// <summary>One score of a validation on all ranks: early stopping and the best weights depend on it.</summary>
internal static class RankScore
{
    /// <summary>Gives the score of the first rank to all.</summary>
    public static ValidationScore? Agree(Communicator ranks, ValidationScore? score)
    {
        var text = ranks.Broadcast(
            score is null ? "" : JsonSerializer.Serialize(score, RecordJson.Default.ValidationScore));
        return text.Length == 0 ? null : JsonSerializer.Deserialize(text, RecordJson.Default.ValidationScore);
    }
}
